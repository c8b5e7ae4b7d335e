import Connections
import Encoding
import HTTPClient
import Integrations
import Primitives
import TestSupport
import Testing

/// What an integration is made of: what is given, the provider's metadata, the catalogue.
struct IntegrationResolverTests {
    private static let issuer = "https://id.test/realm"
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        publish()
    }

    private func publish(_ changes: [(String, JSONValue)] = []) {
        let usual: [(String, JSONValue)] = [
            ("issuer", .string(Self.issuer)),
            ("authorization_endpoint", "https://id.test/realm/authorize"),
            ("token_endpoint", "https://id.test/realm/token"),
            ("revocation_endpoint", "https://id.test/realm/revoke"),
            ("scopes_supported", ["openid", "profile", "offline_access"]),
            ("token_endpoint_auth_methods_supported", ["client_secret_basic"]),
            ("code_challenge_methods_supported", ["S256"]),
            ("authorization_response_iss_parameter_supported", true),
        ]
        let changed = Set(changes.map(\.0))
        let document = JSONValue.object(usual.filter { !changed.contains($0.0) } + changes)
        house.network.answer("https://id.test/.well-known/oauth-authorization-server/realm") { _ in
            .json(document)
        }
    }

    @discardableResult
    private func add(_ changes: [(String, JSONValue)] = []) throws -> IntegrationDefinition {
        let usual: [(String, JSONValue)] = [
            ("issuer", .string(Self.issuer)), ("clientId", "client"), ("clientSecret", "secret"),
        ]
        let changed = Set(changes.map(\.0))
        return try house.keeper.integrations.add(
            .object(usual.filter { !changed.contains($0.0) } + changes)
        ).definition
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch InputError.invalid(let code, _), InputError.conflict(let code, _) {
            return code.rawValue
        } catch ConnectionsError.metadataUnavailable {
            return "metadata_unavailable"
        } catch {
            return "\(error)"
        }
    }

    @Test func `an issuer and a client are enough: the metadata says the rest`() throws {
        let definition = try add()
        #expect(definition.slug == "id.test")
        #expect(definition.authUri == "https://id.test/realm/authorize")
        #expect(definition.tokenUri == "https://id.test/realm/token")
        #expect(definition.revocationUri == "https://id.test/realm/revoke")
        #expect(definition.apiBaseUri == Self.issuer)
        #expect(definition.clientAuthentication == .basic)
        #expect(definition.issuerRequired)
        #expect(definition.scope == "openid offline_access")
    }

    @Test func `what is given counts for more`() throws {
        let definition = try add([
            ("slug", "ours"), ("scope", "a b"), ("apiBaseUri", "https://api.test"),
            ("revocationUri", .null), ("clientAuthentication", "post"),
        ])
        #expect(definition.slug == "ours")
        #expect(definition.scope == "a b")
        #expect(definition.apiBaseUri == "https://api.test")
        #expect(definition.revocationUri == nil)
        #expect(definition.clientAuthentication == .post)
    }

    @Test(
        arguments: [
            ([], "basic", "s"), (["client_secret_post"], "post", "s"),
            (["client_secret_post", "client_secret_basic"], "basic", "s"),
            (["none", "client_secret_basic"], "basic", "s"),
            (["none", "client_secret_basic"], "none", nil),
        ] as [([String], String, String?)])
    func `the client proves itself as the metadata has it (RFC 8414 §2)`(
        methods: [String], expected: String, secret: String?
    ) throws {
        publish([
            (
                "token_endpoint_auth_methods_supported",
                .array(methods.map { .string($0) })
            )
        ])
        let definition = try add([("clientSecret", .string(orNull: secret))])
        #expect(definition.clientAuthentication.rawValue == expected)
    }

    @Test(arguments: [
        "https://id.test/realm/", "https://ID.test/realm", "https://id.test/Realm",
        "https://evil.test",
    ])
    func `SECURITY 9: metadata of another issuer is refused`(named: String) throws {
        publish([("issuer", .string(named))])
        #expect(code { try add() } == "issuer_mismatch")
        #expect(try house.keeper.integrations.list(for: .system, start: 0, limit: 9).total == 0)
    }

    @Test func `metadata that names no issuer is refused (SECURITY 9)`() {
        publish([("issuer", .null)])
        #expect(code { try add() } == "issuer_mismatch")
    }

    @Test(arguments: [
        "http://id.test/realm", "ftp://id.test", "id.test", "https://id.test/?a=b", "",
    ])
    func `SECURITY 30: an issuer is an https URL`(issuer: String) {
        #expect(code { try add([("issuer", .string(issuer))]) } == "invalid_integration")
        #expect(house.network.sent().isEmpty)
    }

    @Test func `a provider that does not answer is no wrong integration`() {
        house.network.answer("https://id.test") { _ in throw HTTPClientError.timedOut(.connecting) }
        #expect(code { try add() } == "metadata_unavailable")
    }

    @Test func `metadata is read again once a day, and followed`() throws {
        try add()
        house.clock.advance(by: 80_000)
        try house.keeper.background.round()
        let before = house.network.sent(to: "https://id.test/.well-known").count
        publish([("authorization_endpoint", "https://id.test/realm/login")])
        house.clock.advance(by: 10_000)
        try house.keeper.background.round()
        try house.keeper.background.round()
        #expect(house.network.sent(to: "https://id.test/.well-known").count == before + 1)
        let integration = try house.keeper.integrations.find("id.test", for: .system)
        #expect(integration.definition.authUri == "https://id.test/realm/login")
    }

    @Test func `no token follows metadata to another host unless an operator agrees`() throws {
        try add()
        try house.connect(to: "id.test")
        publish([("token_endpoint", "https://elsewhere.test/token")])
        house.clock.advance(by: 90_000)
        try house.keeper.background.round()
        let kept = try house.keeper.integrations.find("id.test", for: .system).definition
        #expect(kept.tokenUri == "https://id.test/realm/token")
        #expect(
            code {
                _ = try house.keeper.integrations.update("id.test", confirmed: false)
            } == "origin_change_unconfirmed")
        #expect(
            code {
                _ = try house.keeper.integrations.update("id.test", confirmed: true)
            } == "client_secret_required")
        let (moved, hasChanged) = try house.keeper.integrations.update(
            "id.test", with: ["clientSecret": "secret"], confirmed: true)
        #expect(hasChanged)
        #expect(moved.definition.tokenUri == "https://elsewhere.test/token")
        #expect(
            try house.keeper.connections.find("id.test", for: TestKeeper.user("alice")).connection
                .status == .reauthorizationRequired)
    }

    @Test func `metadata that cannot be read leaves everything as it is, and is tried again`()
        throws
    {
        try add()
        house.network.answer("https://id.test/.well-known") { _ in FakeAnswer(503) }
        house.clock.advance(by: 90_000)
        try house.keeper.background.round()
        let tried = house.network.sent(to: "https://id.test/.well-known").count
        try house.keeper.background.round()
        #expect(house.network.sent(to: "https://id.test/.well-known").count == tried)
        publish([("authorization_endpoint", "https://id.test/realm/login")])
        house.clock.advance(by: 3_700)
        try house.keeper.background.round()
        let integration = try house.keeper.integrations.find("id.test", for: .system)
        #expect(integration.definition.authUri == "https://id.test/realm/login")
    }

    @Test func `an update keeps the secret and the slug`() throws {
        try add([("slug", "ours")])
        publish([("authorization_endpoint", "https://id.test/realm/login")])
        #expect(try house.keeper.integrations.update("ours", confirmed: false).hasChanged)
        #expect(try !house.keeper.integrations.update("ours", confirmed: false).hasChanged)
        try house.connect(to: "ours")
        let sent = try #require(house.network.sent(to: "https://id.test/realm/token").last)
        #expect(sent.headers[.authorization] == "Basic Y2xpZW50OnNlY3JldA==")
    }

    @Test func `what was given is kept without its secrets (SECURITY 26)`() throws {
        try add([("clientSecret", "canary-secret")])
        let given = try house.database().read {
            try $0.first("SELECT given || definition FROM integration", [:]) { $0.text(0) }
        }
        #expect(given?.contains("canary") == false)
    }
}
