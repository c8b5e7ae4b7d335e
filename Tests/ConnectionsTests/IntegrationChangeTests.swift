import Connections
import Encoding
import Integrations
import OAuth
import Primitives
import Storage
import TestSupport
import Testing

/// What becomes of an integration's secrets and fields when it is changed.
struct IntegrationChangeTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
    }

    private var integrations: IntegrationStore { house.keeper.integrations }

    private func definition(_ slug: String = "drive") throws -> IntegrationDefinition {
        try integrations.find(slug, for: .system).definition
    }

    /// The form that the token endpoint got last.
    private func lastForm() throws -> Form {
        let sent = try #require(house.network.sent(to: "https://provider.test/token").last)
        return sent.form
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch InputError.conflict(let code, _), InputError.invalid(let code, _) {
            return code.rawValue
        } catch {
            return "\(error)"
        }
    }

    @Test func `an update changes what it names and leaves the rest`() throws {
        try house.addDrive([("allowedUsers", ["alice"]), ("scope", "files")])
        let changes: JSONValue = ["scope": "files mail", "clientSecret": "new-secret"]
        #expect(try integrations.update("drive", with: changes, confirmed: false).hasChanged)
        #expect(try definition().scope == "files mail")
        #expect(try definition().allowedUsers == ["alice"])
        try house.connect()
        #expect(try lastForm()["client_secret"] == "new-secret")
    }

    @Test func `null takes a field away for good`() throws {
        try house.addDrive()
        _ = try integrations.update("drive", with: ["revocationUri": .null], confirmed: false)
        #expect(try definition().revocationUri == nil)
        #expect(try !integrations.update("drive", confirmed: false).hasChanged)
    }

    @Test func `of data each value is changed by itself`() throws {
        let datum: JSONValue = ["from": "operator", "pattern": "[a-z]+"]
        try house.addDrive([
            ("apiBaseUri", "https://{host}.test/{path}"),
            ("connectionData", ["host": datum, "path": datum]),
            ("data", ["host": "one", "path": "v"]),
        ])
        _ = try integrations.update(
            "drive", with: ["data": ["path": "w"]], confirmed: false)
        #expect(try definition().apiBaseUri == "https://one.test/w")
    }

    @Test func `an integration of an older version is changed, too`() throws {
        try house.addDrive()
        try house.database().write { try $0.execute("UPDATE integration SET given = NULL", [:]) }
        #expect(
            code { _ = try integrations.update("drive", confirmed: false) }
                == "integration_complete")
        _ = try integrations.update("drive", with: ["scope": "b"], confirmed: false)
        #expect(try definition().scope == "b")
        try house.connect()
        #expect(try lastForm()["client_secret"] == "client-secret-canary")
    }

    /// An issuer's metadata takes its time; who replaced the integration meanwhile is not undone.
    @Test func `who changes an integration while another reads metadata is not undone`() throws {
        let house = house
        let document: JSONValue = [
            "issuer": "https://id.test", "authorization_endpoint": "https://id.test/a",
            "token_endpoint": "https://provider.test/token",
        ]
        house.network.answer("https://id.test/.well-known") { _ in .json(document) }
        let fields: JSONValue = [
            "slug": "id", "issuer": "https://id.test", "clientId": "c", "clientSecret": "old",
        ]
        _ = try integrations.add(fields)
        house.network.answer("https://id.test/.well-known") { _ in
            house.network.answer("https://id.test/.well-known") { _ in .json(document) }
            _ = try house.keeper.integrations.update(
                "id", with: ["clientSecret": "new", "allowedUsers": ["alice"]], confirmed: false)
            return .json(document)
        }
        _ = try integrations.update("id", with: ["scope": "late"], confirmed: false)
        #expect(try definition("id").allowedUsers == ["alice"])
        #expect(try definition("id").scope == "late")
        try house.connect(to: "id")
        let sent = try #require(house.network.sent(to: "https://provider.test/token").last)
        #expect(sent.headers[.authorization] == "Basic YzpuZXc=")
    }

    @Test func `SECURITY 26: a stored secret goes to no other origin unless it is given again`()
        throws
    {
        try house.addDrive()
        let moved = TestKeeper.drive([
            ("tokenUri", "https://evil.test/token"), ("clientSecret", .null),
        ]).members?.filter { $0.name != "clientSecret" }
        #expect(
            code {
                _ = try integrations.replace("drive", with: .object(moved ?? []), confirmed: true)
            }
                == "client_secret_required")
        #expect(
            code {
                _ = try integrations.update(
                    "drive", with: ["refresh": ["uri": "https://evil.test/r"]], confirmed: true)
            } == "client_secret_required")
        #expect(
            code {
                _ = try integrations.update(
                    "drive", with: ["revocationUri": "https://evil.test/r"], confirmed: true)
            } == "client_secret_required")
        _ = try integrations.replace(
            "drive", with: TestKeeper.drive([("tokenUri", "https://other.test/token")]),
            confirmed: true)
        #expect(try definition().tokenUri == "https://other.test/token")
    }

    @Test func `a replacement without a secret is made with the stored one`() throws {
        let document: JSONValue = [
            "issuer": "https://id.test", "authorization_endpoint": "https://id.test/a",
            "token_endpoint": "https://provider.test/token",
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic"],
        ]
        house.network.answer("https://id.test/.well-known") { _ in .json(document) }
        let fields: [(String, JSONValue)] = [
            ("issuer", "https://id.test"), ("clientId", "c"),
        ]
        _ = try integrations.add(.object(fields + [("clientSecret", "s")]))
        _ = try integrations.addOrReplace(.object(fields + [("scope", "b")]), confirmed: false)
        #expect(try definition("id.test").scope == "b")
        #expect(try definition("id.test").clientAuthentication == .basic)
        _ = try integrations.addOrReplace(
            .object(fields + [("clientSecret", .null)]), confirmed: false)
        #expect(try definition("id.test").clientAuthentication == .none)
    }

    @Test func `a secret that does not open is repaired by giving another`() throws {
        try house.addDrive()
        try house.database().write {
            try $0.execute(
                """
                UPDATE integration
                SET clientSecret = zeroblob(length(clientSecret)), revision = revision + 1
                """, [:])
        }
        #expect(
            code { _ = try integrations.update("drive", with: ["scope": "b"], confirmed: false) }
                != nil)
        _ = try integrations.update("drive", with: ["clientSecret": "new"], confirmed: false)
        try house.connect()
        #expect(try lastForm()["client_secret"] == "new")
    }
}
