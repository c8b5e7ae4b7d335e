import Encoding
import HTTPTypes
import OAuth
import Testing

/// `private_key_jwt` (RFC 7523 §2.2; SECURITY 15).
@Suite struct ClientAssertionTests {
    private let transport = FakeTransport(#"{"access_token":"t","token_type":"Bearer"}"#)

    private func client(
        issuer: String? = "https://p.test", keyID: String? = "key-1", secret: String? = nil
    ) throws -> Client {
        Client(
            id: "id", secret: secret, authentication: .privateKeyJWT,
            key: ClientKey(
                signingKey: try SigningKey(pem: Keys.p256), keyID: keyID, issuer: issuer,
                tokenEndpoint: "https://p.test/token", now: { 1_700_000_000 }))
    }

    private func endpoint(
        _ client: Client, extra: [(String, String)] = [], format: TokenRequestFormat = .form
    ) -> TokenEndpoint {
        TokenEndpoint(
            url: "https://p.test/token", client: client, transport: transport,
            extraParameters: extra, format: format)
    }

    @Test func `the assertion says what RFC 7523 §3 wants, for a minute (SECURITY 15)`() throws {
        _ = try endpoint(try client()).refresh(refreshToken: "r")
        #expect(
            transport.sentForm["client_assertion_type"]
                == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        let token = try SignedToken(transport.sentForm["client_assertion"])
        #expect(token.header == ["alg": "ES256", "typ": "JWT", "kid": "key-1"])
        #expect(token.claims["iss"] == "id")
        #expect(token.claims["sub"] == "id")
        #expect(token.claims["aud"] == "https://p.test")
        #expect(token.claims["iat"] == 1_700_000_000)
        #expect(token.claims["exp"] == 1_700_000_060)
        #expect(token.claims["jti"]?.stringValue?.utf8.count == 22)
    }

    @Test func `where no issuer is known, the token endpoint's URL is the audience`() throws {
        _ = try endpoint(try client(issuer: nil, keyID: nil)).refresh(refreshToken: "r")
        let token = try SignedToken(transport.sentForm["client_assertion"])
        #expect(token.claims["aud"] == "https://p.test/token")
        #expect(token.header["kid"] == nil)
    }

    @Test func `each request has an assertion of its own (SECURITY 15)`() throws {
        let endpoint = endpoint(try client())
        var ids: Set<String> = []
        for _ in 0..<10 {
            _ = try endpoint.refresh(refreshToken: "r")
            let token = try SignedToken(transport.sentForm["client_assertion"])
            ids.insert(try #require(token.claims["jti"]?.stringValue))
        }
        #expect(ids.count == 10)
    }

    @Test func `no secret is sent beside it, in form or JSON (RFC 6749 §2.3)`() throws {
        let client = try client(secret: "canary")
        _ = try endpoint(client).clientCredentials(scope: nil)
        #expect(transport.sentForm["client_id"] == "id")
        #expect(transport.sentForm["client_secret"] == nil)
        #expect(transport.requests.last?.headers[.authorization] == nil)
        _ = try endpoint(client, format: .json).clientCredentials(scope: nil)
        let body = try JSONValue(parsing: transport.sentBody)
        #expect(body["client_assertion"]?.stringValue?.isEmpty == false)
        #expect(!transport.sentBody.contains("canary"))
    }

    @Test func `a configured parameter can't take the assertion's place`() throws {
        let extra = [("client_assertion", "evil"), ("client_assertion_type", "evil")]
        _ = try endpoint(try client(), extra: extra).refresh(refreshToken: "r")
        #expect(transport.sentForm.all("client_assertion").count == 1)
        #expect(transport.sentForm["client_assertion"] != "evil")
        #expect(transport.sentForm.all("client_assertion_type").count == 1)
    }

    @Test func `revocations prove the client in the same way`() throws {
        let endpoint = RevocationEndpoint(
            url: "https://p.test/revoke", client: try client(secret: "canary"),
            transport: transport)
        try endpoint.revoke("one", hint: .refreshToken)
        let first = try SignedToken(transport.sentForm["client_assertion"])
        #expect(transport.sentForm["client_id"] == "id")
        #expect(first.claims["aud"] == "https://p.test")
        #expect(!transport.sentBody.contains("canary"))
        try endpoint.revoke("two", hint: .accessToken)
        let second = try SignedToken(transport.sentForm["client_assertion"])
        #expect(first.claims["jti"] != second.claims["jti"])
    }

    @Test func `without a key nothing is sent, and the error says so`() {
        let client = Client(id: "id", secret: "s", authentication: .privateKeyJWT)
        let error = failure { _ = try endpoint(client).refresh(refreshToken: "r") }
        #expect(error == .badKey("private_key_jwt needs one, and none is given"))
        #expect(error?.publicCode.rawValue == "integration_misconfigured")
        #expect(error?.isGrantDead == false)
        #expect(transport.requests.isEmpty)
    }
}
