import Encoding
import OAuth
import Testing

/// What a token answer may say (RFC 6749 §5.1).
@Suite struct TokenResponseTests {
    private func tokens(
        _ body: String, status: Int = 200, type: String? = "application/json",
        accepting types: [String] = []
    ) throws -> TokenResponse {
        var shape = TokenResponseShape()
        shape.tokenTypes = types
        let endpoint = TokenEndpoint(
            url: "https://p.test/token",
            client: Client(id: "i", secret: "s", authentication: .post),
            transport: FakeTransport(status: status, type: type, body), response: shape)
        return try endpoint.refresh(refreshToken: "old")
    }

    @Test func `all that it says is read`() throws {
        let tokens = try tokens(
            #"""
            {"access_token":"a","token_type":"Bearer","expires_in":3600,"refresh_token":"r",
             "refresh_token_expires_in":7200,"scope":"x y","instance_url":"https://i.test"}
            """#)
        #expect(tokens.accessToken == "a")
        #expect(tokens.tokenType == "Bearer")
        #expect(tokens.expiresIn == 3600)
        #expect(tokens.refreshToken == "r")
        #expect(tokens.refreshTokenExpiresIn == 7200)
        #expect(tokens.scope == "x y")
        #expect(tokens.members["instance_url"] == "https://i.test")
    }

    @Test func `a bare access token works: no lifetime, no refresh token (SECURITY 14)`() throws {
        let tokens = try tokens(#"{"access_token":"a","token_type":"bearer"}"#)
        #expect(tokens.expiresIn == nil)
        #expect(tokens.refreshToken == nil)
        #expect(tokens.scope == nil)
    }

    @Test(arguments: ["bearer", "BEARER", "Bearer"])
    func `the type's case doesn't matter`(type: String) throws {
        #expect(try tokens(#"{"access_token":"a","token_type":"\#(type)"}"#).accessToken == "a")
    }

    @Test(arguments: [
        ("mac", "mac"), ("DPoP", "dpop"), ("secret-of-a-stranger", "other"),
        ("BearerToken", "BearerToken"),
        ("AB12", "other"), ("a", "other"),
    ])
    func `another type is refused, by name only when it can only be one (SECURITY 14)`(
        type: String, name: String
    ) {
        #expect(throws: OAuthError.wrongTokenType(name)) {
            try tokens(#"{"access_token":"a","token_type":"\#(type)"}"#)
        }
    }

    @Test func `a type that is no text is refused (SECURITY 14)`() {
        #expect(throws: OAuthError.wrongTokenType("other")) {
            try tokens(#"{"access_token":"a","token_type":["Bearer"]}"#)
        }
    }

    @Test func `a provider's own name for a bearer token can be let in`() throws {
        let tokens = try tokens(
            #"{"access_token":"a","token_type":"bot"}"#, accepting: ["bot"])
        #expect(tokens.tokenType == "bot")
    }

    @Test(arguments: [#"{"access_token":"a"}"#, #"{"access_token":"a","token_type":null}"#])
    func `a missing type counts as Bearer`(body: String) throws {
        #expect(try tokens(body).tokenType == "Bearer")
    }

    @Test(arguments: [
        #"{"access_token":"","token_type":"Bearer"}"#, #"{"token_type":"Bearer"}"#,
        #"{"access_token":null}"#, #"{"access_token":17}"#, #"{"access_token":"a\r\nX: y"}"#,
        #"{"access_token":"é"}"#, #"{"access_token":"a\u0000"}"#, "{}",
    ])
    func `an access token that can't be used is refused`(body: String) {
        guard case .malformedResponse = failure(of: { _ = try tokens(body) }) else {
            Issue.record("accepted: \(body)")
            return
        }
    }

    @Test(arguments: [
        ("3600", 3600), (#""3600""#, 3600), ("3599.0", 3599), ("3.6e3", 3600),
        ("99999999999999999999999999", 3_155_760_000), ("1e999", 3_155_760_000),
    ])
    func `a lifetime is a number or a numeric text, and has a ceiling`(
        written: String, seconds: Int
    ) throws {
        #expect(try tokens(#"{"access_token":"a","expires_in":\#(written)}"#).expiresIn == seconds)
    }

    @Test(arguments: [
        "0", "-1", "-99999999999999999999999", "null", "true", "[]", #""""#, #""soon""#, #""0x10""#,
        #""inf""#, #""nan""#, "0.5",
    ])
    func `a lifetime without sense counts as not said, and the token is kept`(
        written: String
    ) throws {
        let tokens = try tokens(#"{"access_token":"a","expires_in":\#(written)}"#)
        #expect(tokens.expiresIn == nil)
        #expect(tokens.accessToken == "a")
    }

    @Test(arguments: [
        "refresh_token_expires_in", "x_refresh_token_expires_in", "refresh_expires_in",
    ])
    func `a refresh token's lifetime goes by several names`(name: String) throws {
        let tokens = try tokens(#"{"access_token":"a","\#(name)":"90"}"#)
        #expect(tokens.refreshTokenExpiresIn == 90)
    }

    @Test func `a refresh token's end is told as a lifetime or a moment`() throws {
        let moment = try tokens(#"{"access_token":"a","refresh_token_expires_at":2000000000}"#)
        #expect(moment.refreshTokenEnd(askedAt: 1_900_000_000) == 2_000_000_000)
        #expect(moment.refreshTokenEnd(askedAt: 2_000_000_000) == nil)
        let lifetime = try tokens(#"{"access_token":"a","refresh_expires_in":60}"#)
        #expect(lifetime.refreshTokenEnd(askedAt: 100) == 160)
        #expect(try tokens(#"{"access_token":"a"}"#).refreshTokenEnd(askedAt: 100) == nil)
    }

    @Test(arguments: [(#""a b""#, "a b"), (#"["a","b"]"#, "a b"), (#""a,b""#, "a b")])
    func `a scope is a text or a list`(written: String, scope: String) throws {
        #expect(try tokens(#"{"access_token":"a","scope":\#(written)}"#).scope == scope)
    }

    @Test(arguments: [#""""#, "[]", "null", "7"])
    func `an empty scope counts as not said`(written: String) throws {
        #expect(try tokens(#"{"access_token":"a","scope":\#(written)}"#).scope == nil)
    }

    @Test(arguments: [#""""#, "null", "7"])
    func `a refresh token that is none counts as not given (SECURITY 14)`(
        written: String
    ) throws {
        #expect(
            try tokens(#"{"access_token":"a","refresh_token":\#(written)}"#).refreshToken == nil)
    }

    @Test func `a form is read where the answer says that it is one`() throws {
        let tokens = try tokens(
            "access_token=a%2B1&token_type=bearer&expires_in=60&scope=",
            type: "Application/X-WWW-Form-Urlencoded; charset=utf-8")
        #expect(tokens.accessToken == "a+1")
        #expect(tokens.expiresIn == 60)
        #expect(tokens.scope == nil)
    }

    @Test(arguments: [nil, "text/plain", "text/javascript; charset=UTF-8"])
    func `JSON is read whatever its type is called`(type: String?) throws {
        #expect(try tokens(#"{"access_token":"a"}"#, type: type).accessToken == "a")
    }

    @Test(arguments: [
        (#""files\u0000.write read""#, "read"), (#""a\nb\tc""#, "a b c"),
        (#"["files", "f\u0007"]"#, "files"), (#""a\"b c""#, "c"), (#""ä b""#, "b"),
    ])
    func `a scope with a character that none has is left out`(written: String, scope: String) throws
    {
        #expect(try tokens(#"{"access_token":"a","scope":\#(written)}"#).scope == scope)
    }
}
