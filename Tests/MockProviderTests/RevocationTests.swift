import HTTPTypes
import MockProvider
import Testing

@Suite struct RevocationTests {
    private let provider: TestProvider

    init() throws {
        provider = try TestProvider()
    }

    private func send(
        _ path: String, _ token: String, client: String = "client", secret: String = "s3cret"
    ) throws -> Answer {
        try provider.post(
            path, [("token", token), ("client_id", client), ("client_secret", secret)])
    }

    @Test func `a refresh token takes its whole grant along`() throws {
        let tokens = try provider.tokens()
        #expect(try send("/revoke", tokens.refreshToken).status == 200)
        #expect(try provider.call(tokens.accessToken) == 401)
        #expect(try provider.refresh(tokens.refreshToken).error == "invalid_grant")
        #expect(try provider.counter("revoke.refresh_token") == 1)
    }

    @Test func `an access token goes alone, or with its grant where that is set`() throws {
        let tokens = try provider.tokens()
        #expect(try send("/revoke", tokens.accessToken).status == 200)
        #expect(try provider.call(tokens.accessToken) == 401)
        #expect(try provider.refresh(tokens.refreshToken).status == 200)
        _ = try provider.order("settings", #"{"revokeEndsGrant": true}"#)
        let others = try provider.tokens()
        #expect(try send("/revoke", others.accessToken).status == 200)
        #expect(try provider.refresh(others.refreshToken).error == "invalid_grant")
    }

    @Test func `a token that was never known is revoked already`() throws {
        #expect(try send("/revoke", "unknown").status == 200)
        #expect(try provider.counter("revoke.unknown") == 1)
    }

    @Test func `another client's token stays`() throws {
        let tokens = try provider.tokens()
        let answer = try send("/revoke", tokens.refreshToken, client: "other", secret: "0ther")
        #expect(answer.status == 400)
        #expect(try provider.call(tokens.accessToken) == 200)
    }

    @Test func `a client that revokes proves who it is`() throws {
        let token = try provider.tokens().refreshToken
        #expect(try send("/revoke", token, secret: "wrong").status == 401)
        #expect(try provider.refresh(token).status == 200)
    }

    @Test func `introspection tells a client about its living tokens, and nothing else`() throws {
        let tokens = try provider.tokens()
        let known = try send("/introspect", tokens.accessToken).json
        #expect(known["active"]?.boolValue == true)
        #expect(known["username"]?.stringValue == "alice")
        #expect(known["scope"]?.stringValue == "files.read")
        #expect(known["exp"]?.intValue == 1_707_472_800 + 3_600)
        #expect(try send("/introspect", tokens.refreshToken).json["active"]?.boolValue == true)
        let foreign = try send(
            "/introspect", tokens.accessToken, client: "other", secret: "0ther")
        #expect(foreign.json == ["active": false])
        #expect(try send("/introspect", "unknown").json == ["active": false])
        provider.advance(seconds: 3_600)
        #expect(try send("/introspect", tokens.accessToken).json == ["active": false])
        #expect(
            try provider.post(
                "/introspect", [("token", tokens.refreshToken), ("client_id", "public")]
            ).status == 401)
    }
}
