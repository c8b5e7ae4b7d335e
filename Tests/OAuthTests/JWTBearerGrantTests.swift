import Encoding
import HTTPTypes
import OAuth
import Testing

/// RFC 7523 §2.1.
@Suite struct JWTBearerGrantTests {
    private let transport = FakeTransport(#"{"access_token":"t","token_type":"Bearer"}"#)

    private func send(
        _ assertion: BearerAssertion, _ client: Client, scope: String? = nil
    ) throws -> SignedToken {
        let token = try assertion.signed(
            by: try SigningKey(pem: Keys.p256), keyID: "k", now: 1_700_000_000, id: "unique")
        let endpoint = TokenEndpoint(
            url: "https://p.test/token", client: client, transport: transport)
        #expect(try endpoint.jwtBearer(assertion: token, scope: scope).accessToken == "t")
        return try SignedToken(transport.sentForm["assertion"])
    }

    private let withoutSecret = Client(id: "id", secret: nil, authentication: .none)

    @Test func `the assertion says what RFC 7523 §3 and Google want`() throws {
        let assertion = BearerAssertion(
            issuer: "me@p.test", subject: "you@p.test", audience: "https://p.test/token",
            scope: "a b")
        let token = try send(assertion, withoutSecret)
        #expect(token.header == ["alg": "ES256", "typ": "JWT", "kid": "k"])
        #expect(
            token.claims == [
                "iss": "me@p.test", "sub": "you@p.test", "aud": "https://p.test/token",
                "scope": "a b", "iat": 1_700_000_000, "exp": 1_700_000_300, "jti": "unique",
            ])
        #expect(
            transport.sentForm.fields.map(\.name) == ["grant_type", "assertion"])
        #expect(
            transport.sentForm["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        #expect(transport.requests.last?.connection == .fresh)
    }

    @Test func `subject and scope are left out where there are none`() throws {
        let token = try send(BearerAssertion(issuer: "i", audience: "a"), withoutSecret)
        #expect(token.claims["sub"] == nil)
        #expect(token.claims["scope"] == nil)
    }

    @Test func `the scope can be a parameter instead (RFC 7521 §4.1)`() throws {
        _ = try send(BearerAssertion(issuer: "i", audience: "a"), withoutSecret, scope: "x y")
        #expect(transport.sentForm["scope"] == "x y")
    }

    @Test(arguments: [(100_000, 3_600), (3_600, 3_600), (0, 1), (-5, 1)] as [(Int64, Int)])
    func `an assertion lives for an hour at most, and is never over before it began`(
        asked: Int64, lifetime: Int
    ) throws {
        let assertion = BearerAssertion(issuer: "i", audience: "a", lifetime: asked)
        let token = try send(assertion, withoutSecret)
        #expect(token.claims["exp"]?.intValue == 1_700_000_000 + lifetime)
    }

    @Test func `a client that has a proof gives it, too (RFC 7521 §4.1)`() throws {
        let assertion = BearerAssertion(issuer: "i", audience: "a")
        _ = try send(assertion, Client(id: "id", secret: "s", authentication: .basic))
        #expect(transport.requests.last?.headers[.authorization] == "Basic aWQ6cw==")
        _ = try send(assertion, Client(id: "id", secret: "s", authentication: .post))
        #expect(transport.sentForm["client_secret"] == "s")
    }
}
