import Crypto
import CryptoExtras
import Encoding
import Foundation
import HTTPTypes
import Headers
import MockProvider
import Testing

/// `private_key_jwt` (RFC 7523 §2.2).
@Suite struct ClientAssertionTests {
    private let signer = Signer()
    private let provider: TestProvider

    init() throws {
        let key = try #require(RegisteredKey(pem: signer.publicKey))
        provider = try TestProvider { $0.register(key, for: "robot") }
    }

    private func ask(
        _ assertion: String, _ more: [(String, String)] = [], _ headers: HeaderFields = [:]
    ) throws -> Answer {
        try provider.post(
            "/token",
            [
                ("grant_type", "client_credentials"),
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                ), ("client_assertion", assertion),
            ] + more, headers)
    }

    @Test(arguments: [TestProvider.issuer, TestProvider.issuer + "/token"])
    func `an assertion for this provider proves the client`(audience: String) throws {
        let answer = try ask(try signer.token(Signer.claims(["aud": .string(audience)])))
        #expect(answer.status == 200)
        #expect(try provider.call(answer.accessToken) == 200)
        #expect(try provider.counter("client.private_key_jwt") == 1)
    }

    @Test func `an assertion is taken once`() throws {
        let token = try signer.token()
        #expect(try ask(token).status == 200)
        let replay = try ask(token)
        #expect(replay.status == 401)
        #expect(replay.error == "invalid_client")
        #expect(try provider.counter("assertion.replayed") == 1)
    }

    @Test(
        arguments: [
            ["aud": "https://other.test"], ["aud": ["https://provider.test"]], ["aud": nil],
            ["iss": "client"], ["sub": "client"], ["sub": nil], ["iss": nil], ["jti": nil],
            ["jti": ""], ["exp": nil], ["exp": .integer(Signer.now)], ["exp": "soon"],
            ["exp": .integer(Signer.now + 3_600)], ["iat": .integer(Signer.now + 60)],
            ["iat": .integer(Signer.now - 86_400)], ["iat": "now"],
            ["nbf": .integer(Signer.now + 60)],
        ] as [[String: JSONValue?]])
    func `an assertion that says something else is refused`(
        changes: [String: JSONValue?]
    ) throws {
        let answer = try ask(try signer.token(Signer.claims(changes)))
        #expect(answer.status == 401)
        #expect(answer.error == "invalid_client")
    }

    @Test(
        arguments: [
            ["alg": "none"], ["alg": "HS256"], ["alg": "RS256"], ["alg": "ES384"], ["alg": "es256"],
            [:], ["alg": "ES256", "crit": ["b64"]],
        ] as [[String: JSONValue]])
    func `another algorithm than the key's is refused, and a critical header`(
        header: [String: JSONValue]
    ) throws {
        #expect(try ask(try signer.token(header: header)).error == "invalid_client")
    }

    @Test func `a signature that is not the registered key's is refused`() throws {
        #expect(try ask(try Signer().token()).error == "invalid_client")
        let token = try signer.token()
        #expect(try ask(String(token.dropLast(4))).error == "invalid_client")
        let unsigned = token.split(separator: ".").prefix(2).joined(separator: ".") + "."
        #expect(try ask(unsigned).error == "invalid_client")
        #expect(try ask("canary").error == "invalid_client")
        // The public key as a shared secret: the classic confusion.
        let confused = try Signer.token(Signer.claims(), header: ["alg": "HS256"]) { message in
            let secret = SymmetricKey(data: Data(signer.publicKey.utf8))
            return Data(HMAC<SHA256>.authenticationCode(for: message, using: secret))
        }
        #expect(try ask(confused).error == "invalid_client")
    }

    @Test func `two methods in one request are refused (RFC 6749 §2.3)`() throws {
        let basic: HeaderFields = [.authorization: "Basic Y2xpZW50OnMzY3JldA=="]
        #expect(try ask(try signer.token(), [], basic).error == "invalid_request")
        #expect(
            try ask(try signer.token(), [("client_secret", "x")]).error == "invalid_request")
        #expect(
            try ask(try signer.token(), [("client_id", "client")]).error == "invalid_request")
        #expect(try ask(try signer.token(), [("client_id", "robot")]).status == 200)
    }

    @Test func `a client with a key is not let in by its name alone`() throws {
        let fields = [("grant_type", "client_credentials"), ("client_id", "robot")]
        #expect(try provider.post("/token", fields).error == "invalid_client")
        let type = [("token", "x"), ("client_id", "robot")]
        #expect(try provider.post("/revoke", type).error == "invalid_client")
    }

    @Test func `an RSA key signs by RS256 and PS256`() throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let order: JSONValue = ["clientKeys": ["robot": .string(key.publicKey.pemRepresentation)]]
        let text = String(decoding: order.encoded(), as: UTF8.self)
        #expect(try provider.order("settings", text).status == 200)
        for (name, padding) in [
            ("RS256", _RSA.Signing.Padding.insecurePKCS1v1_5), ("PS256", .PSS),
        ] {
            let token = try Signer.token(Signer.claims(), header: ["alg": .string(name)]) {
                try key.signature(for: SHA256.hash(data: $0), padding: padding).rawRepresentation
            }
            #expect(try ask(token).status == 200)
        }
        #expect(try ask(try signer.token()).error == "invalid_client")
    }

    @Test(arguments: [
        #"{"clientKeys": {"robot": "x"}}"#, #"{"clientKeys": {"robot": 1}}"#,
        #"{"clientKeys": []}"#,
    ])
    func `what is no public key is not registered`(order: String) throws {
        #expect(try provider.order("settings", order).status == 400)
        #expect(try ask(try signer.token()).status == 200)
    }

    @Test func `a provider can insist on it, and says so in its metadata`() throws {
        _ = try provider.order("settings", #"{"clientAuthentication": "private_key_jwt"}"#)
        let metadata = try provider.ask(.get, "/.well-known/oauth-authorization-server").json
        #expect(metadata["token_endpoint_auth_methods_supported"] == ["private_key_jwt"])
        #expect(
            metadata["token_endpoint_auth_signing_alg_values_supported"]?.elements?
                .contains("ES256") == true)
        #expect(try provider.tokens().error == "invalid_client")
        #expect(try ask(try signer.token()).status == 200)
    }

    @Test func `what was seen names the method and hides the assertion`() throws {
        let token = try signer.token()
        _ = try ask(token)
        let seen = try provider.ask(.get, "/control/requests")
        #expect(
            seen.json["requests"]?.elements?.first?["authentication"] == "private_key_jwt")
        #expect(!seen.text.contains(token.suffix(20)))
    }
}
