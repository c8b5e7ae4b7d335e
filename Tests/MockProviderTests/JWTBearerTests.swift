import Encoding
import MockProvider
import Testing

/// `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523 §2.1).
@Suite struct JWTBearerTests {
    private let signer = Signer()
    private let provider: TestProvider

    init() throws {
        let key = try #require(RegisteredKey(pem: signer.publicKey))
        provider = try TestProvider {
            $0.register(key, for: "robot")
            $0.scopes = ["files.read", "files.write"]
        }
    }

    private func ask(_ assertion: String, _ more: [(String, String)] = []) throws -> Answer {
        try provider.post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", assertion),
            ] + more)
    }

    private func token(_ changes: [String: JSONValue?] = [:]) throws -> String {
        try signer.token(Signer.claims(changes))
    }

    @Test func `an assertion alone gets an access token, and no refresh token`() throws {
        let answer = try ask(
            try token(["sub": nil, "scope": "files.write", "exp": .integer(Signer.now + 3_600)]))
        #expect(answer.status == 200)
        #expect(answer.json["scope"] == "files.write")
        #expect(answer.json["refresh_token"] == nil)
        #expect(try provider.call(answer.accessToken) == 200)
        #expect(try provider.counter("token.jwt_bearer") == 1)
    }

    @Test func `it can be in a user's name, when there is such a user`() throws {
        #expect(try ask(try token(["sub": "alice"])).status == 200)
        let grants = try provider.ask(.get, "/control/grants").json["grants"]?.elements
        #expect(grants?.first?["user"] == "alice")
        #expect(try ask(try token(["sub": "nobody"])).error == "invalid_grant")
    }

    @Test func `an assertion is taken once`() throws {
        let token = try token()
        #expect(try ask(token).status == 200)
        #expect(try ask(token).error == "invalid_grant")
        #expect(try provider.counter("assertion.replayed") == 1)
    }

    @Test(
        arguments: [
            ["aud": "https://other.test"], ["iss": "client"], ["iss": "nobody"], ["iss": nil],
            ["jti": nil], ["exp": .integer(Signer.now - 1)], ["exp": .integer(Signer.now + 7_200)],
            ["iat": .integer(Signer.now + 60)],
        ] as [[String: JSONValue?]])
    func `an assertion that says something else is refused`(
        changes: [String: JSONValue?]
    ) throws {
        let answer = try ask(try token(changes))
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_grant")
    }

    @Test func `a foreign signature is refused, and what is no token`() throws {
        #expect(try ask(try Signer().token()).error == "invalid_grant")
        #expect(try ask("a.b.c").error == "invalid_grant")
        #expect(try ask(try signer.token(header: ["alg": "none"])).error == "invalid_grant")
    }

    @Test func `a scope that does not exist is refused, in the claim or beside it`() throws {
        #expect(try ask(try token(["scope": "moon"])).error == "invalid_scope")
        #expect(try ask(try token(), [("scope", "moon")]).error == "invalid_scope")
        #expect(try ask(try token(), [("scope", "files.read")]).json["scope"] == "files.read")
    }

    @Test func `who names himself as well must be the one who signed`() throws {
        #expect(try ask(try token(), [("client_id", "client")]).error == "invalid_request")
        #expect(try ask(try token(), [("client_id", "robot")]).status == 200)
        let proof = [("client_id", "client"), ("client_secret", "s3cret")]
        #expect(try ask(try token(), proof).error == "invalid_grant")
    }

    @Test func `the grant's assertion opens no other endpoint`() throws {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", try token()), ("token", "x"), ("client_id", "robot"),
        ]
        #expect(try provider.post("/revoke", fields).error == "invalid_client")
        #expect(try provider.post("/introspect", fields).error == "invalid_client")
    }
}
