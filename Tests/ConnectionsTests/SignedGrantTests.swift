import Connections
import Crypto
import CryptoExtras
import Encoding
import Foundation
import Primitives
import TestSupport
import Testing

/// Integrations whose client signs what it asks with (RFC 7523).
struct SignedGrantTests {
    private let house: TestKeeper
    private let key = P256.Signing.PrivateKey()

    init() throws {
        house = try TestKeeper()
    }

    private var keyFile: String { keyFile(key.pemRepresentation) }

    private func keyFile(_ pem: String) -> String {
        let json: JSONValue = [
            "type": "service_account", "client_email": "robot@project.test",
            "private_key": .string(pem), "private_key_id": "key-1",
            "token_uri": "https://provider.test/token",
        ]
        return String(decoding: json.encoded(), as: UTF8.self)
    }

    private func addRobot(_ changes: [(String, JSONValue)] = []) throws {
        let usual: [(String, JSONValue)] = [
            ("slug", "drive"), ("grant", "jwt_bearer"), ("apiBaseUri", "https://api.test"),
            ("scope", "a b"), ("privateKey", .string(keyFile)),
        ]
        let changed = Set(changes.map(\.0))
        _ = try house.keeper.integrations.add(
            .object(usual.filter { !changed.contains($0.0) } + changes))
    }

    /// The claims of a token that our key has signed.
    private func claims(_ token: String?) throws -> JSONValue {
        let parts = try #require(token).split(separator: ".").map(String.init)
        #expect(parts.count == 3)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: try bytes(parts[2]))
        #expect(
            key.publicKey.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)))
        return try JSONValue(parsing: Array(try bytes(parts[1])))
    }

    private func bytes(_ text: String) throws -> Data {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return try #require(
            Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)))
    }

    private var sent: [SentRequest] { house.network.sent(to: "https://provider.test/token") }

    @Test func `a service account's key file says all but where calls go`() throws {
        try addRobot()
        try house.connect(with: [:])
        let form = try #require(sent.last).form
        #expect(form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        #expect(form["client_id"] == nil)
        let claims = try claims(form["assertion"])
        #expect(claims["iss"] == "robot@project.test")
        #expect(claims["aud"] == "https://provider.test/token")
        #expect(claims["scope"] == "a b")
    }

    @Test func `its token is asked for again when it expires`() throws {
        try addRobot()
        try house.connect(with: [:])
        house.clock.advance(by: 3_600)
        try house.call()
        #expect(sent.count == 2)
        #expect(sent[0].form["assertion"] != sent[1].form["assertion"])
    }

    @Test func `it acts for a user, with the scope where the provider wants it`() throws {
        try addRobot([
            (
                "assertion",
                [
                    "subject": "alice@project.test", "audience": "https://aud.test",
                    "scope": "parameter",
                ]
            )
        ])
        try house.connect(with: [:])
        let form = try #require(sent.last).form
        let claims = try claims(form["assertion"])
        #expect(claims["sub"] == "alice@project.test")
        #expect(claims["aud"] == "https://aud.test")
        #expect(claims["scope"] == nil)
        #expect(form["scope"] == "a b")
    }

    @Test func `it acts for the user of the connection, and for no one whom that user names`()
        throws
    {
        try addRobot([("assertion", ["subject": "{userId}@project.test"])])
        for user in ["alice", "bob"] { try house.connect(user, with: [:]) }
        house.clock.advance(by: 3_600)
        try house.call(as: "alice")
        let subjects = try sent.map { try claims($0.form["assertion"])["sub"] }
        #expect(
            subjects == ["alice@project.test", "bob@project.test", "alice@project.test"])
        #expect(throws: InputError.self) {
            try addRobot([
                ("slug", "other"), ("mode", "shared"), ("assertion", ["subject": "{userId}"]),
            ])
        }
        #expect(throws: InputError.self) {
            try addRobot([("slug", "other"), ("assertion", ["subject": "{user}"])])
        }
    }

    @Test func `SECURITY 15: private_key_jwt has the issuer alone as audience, and no secret goes`()
        throws
    {
        try house.addDrive([
            ("clientAuthentication", "private_key_jwt"), ("issuer", "https://provider.test"),
            ("privateKey", .string(key.pemRepresentation)), ("keyId", "k"),
        ])
        try house.connect()
        let form = try #require(sent.last).form
        #expect(form["client_secret"] == nil)
        let claims = try claims(form["client_assertion"])
        #expect(claims["aud"] == "https://provider.test")
        #expect(claims["iss"] == "client")
        #expect(claims["sub"] == "client")
        try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("alice"))
        try house.keeper.background.round()
        let revocations = house.network.sent(to: "https://provider.test/revoke")
        #expect(revocations.count == 2)
        for revocation in revocations { _ = try self.claims(revocation.form["client_assertion"]) }
    }

    @Test(arguments: [
        (JSONValue.null, "'privateKey' is missing"), ("no key", "'privateKey' cannot be used"),
        (#"{"installed": {}}"#, "not a service account's key"),
    ])
    func `a key that is none is refused before anything is stored`(key: JSONValue, problem: String)
    {
        do {
            try addRobot([
                ("privateKey", key), ("clientId", "c"), ("tokenUri", "https://provider.test/token"),
            ])
            Issue.record("accepted")
        } catch InputError.invalid(_, let detail) {
            #expect(detail.contains(problem), "\(detail)")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func `an algorithm that the account's key is not for is refused`() throws {
        let problem = house.problem { try addRobot([("signingAlgorithm", "RS256")]) }
        #expect(problem?.contains("RS256 needs a key of another kind") == true)
        try addRobot([("signingAlgorithm", "ES256")])
    }

    @Test func `an account's key signs in the way that is wanted`() throws {
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        try addRobot([
            ("privateKey", .string(keyFile(rsa.pemRepresentation))), ("signingAlgorithm", "PS256"),
        ])
        try house.connect(with: [:])
        let parts = try #require(sent.last?.form["assertion"]).split(separator: ".")
            .map(String.init)
        #expect(try JSONValue(parsing: Array(bytes(parts[0])))["alg"] == "PS256")
        #expect(
            rsa.publicKey.isValidSignature(
                .init(rawRepresentation: try bytes(parts[2])),
                for: Data("\(parts[0]).\(parts[1])".utf8), padding: .PSS))
    }

    @Test func `a key file for another token endpoint is refused`() {
        #expect(throws: InputError.self) {
            try addRobot([("tokenUri", "https://elsewhere.test/token")])
        }
    }

    @Test func `replacing the integration keeps its key, and nothing shows it (SECURITY 26)`()
        throws
    {
        try addRobot()
        _ = try house.keeper.integrations.replace(
            "drive",
            with: [
                "slug": "drive", "grant": "jwt_bearer", "apiBaseUri": "https://api.test",
                "clientId": "other", "tokenUri": "https://provider.test/token",
            ], confirmed: true)
        try house.connect(with: [:])
        #expect(try claims(sent.last?.form["assertion"])["iss"] == "other")
        let row = try house.database().read {
            try $0.first("SELECT given || definition FROM integration", [:]) { $0.text(0) }
        }
        #expect(row?.contains("PRIVATE KEY") == false)
    }
}
