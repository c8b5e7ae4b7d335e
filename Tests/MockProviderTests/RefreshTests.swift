import MockProvider
import Testing

@Suite struct RefreshTests {
    private let provider: TestProvider

    init() throws {
        provider = try TestProvider()
    }

    @Test func `a refresh rotates: new tokens, and the old refresh token is used up`() throws {
        let first = try provider.tokens()
        let second = try provider.refresh(first.refreshToken)
        #expect(second.status == 200)
        #expect(second.refreshToken != first.refreshToken)
        #expect(try provider.call(second.accessToken) == 200)
        #expect(try provider.refresh(second.refreshToken).status == 200)
        #expect(try provider.counter("token.refresh_token") == 2)
    }

    @Test func `reuse ends the whole grant, the newest tokens included`() throws {
        let first = try provider.tokens()
        let second = try provider.refresh(first.refreshToken)
        #expect(try provider.refresh(first.refreshToken).error == "invalid_grant")
        #expect(try provider.counter("refresh.reused") == 1)
        #expect(try provider.call(second.accessToken) == 401)
        #expect(try provider.refresh(second.refreshToken).error == "invalid_grant")
    }

    @Test func `without reuse detection only the old token is refused`() throws {
        let provider = try TestProvider { $0.reuseDetection = false }
        let first = try provider.tokens()
        let second = try provider.refresh(first.refreshToken)
        #expect(try provider.refresh(first.refreshToken).error == "invalid_grant")
        #expect(try provider.refresh(second.refreshToken).status == 200)
    }

    @Test func `within the grace period the successor is given once more`() throws {
        let provider = try TestProvider { $0.gracePeriod = 30 }
        let first = try provider.tokens()
        let second = try provider.refresh(first.refreshToken)
        provider.advance(seconds: 29)
        let again = try provider.refresh(first.refreshToken)
        #expect(again.refreshToken == second.refreshToken)
        #expect(try provider.counter("refresh.grace") == 1)
        provider.advance(seconds: 1)
        #expect(try provider.refresh(first.refreshToken).error == "invalid_grant")
        #expect(try provider.refresh(second.refreshToken).error == "invalid_grant")
    }

    @Test func `rotation can be off, or name the same token again`() throws {
        let off = try TestProvider { $0.rotation = .off }
        let token = try off.tokens().refreshToken
        #expect(try off.refresh(token).json["refresh_token"] == nil)
        #expect(try off.refresh(token).status == 200)
        let same = try TestProvider { $0.rotation = .same }
        let kept = try same.tokens().refreshToken
        #expect(try same.refresh(kept).refreshToken == kept)
        #expect(try same.refresh(kept).status == 200)
    }

    @Test func `a refresh token may expire`() throws {
        let provider = try TestProvider { $0.refreshTokenLifetime = 100 }
        let token = try provider.tokens().refreshToken
        provider.advance(seconds: 100)
        #expect(try provider.refresh(token).error == "invalid_grant")
    }

    @Test func `a refresh token is its client's only`() throws {
        let token = try provider.tokens().refreshToken
        let other = ["client_id": "other", "client_secret": "0ther"]
        #expect(try provider.refresh(token, other).error == "invalid_grant")
        #expect(try provider.refresh(token).status == 200)
    }

    @Test func `a scope may be narrowed and never widened`() throws {
        let code = try provider.code(["scope": "files.read files.write"])
        let token = try provider.exchange(code).refreshToken
        #expect(
            try provider.refresh(token, ["scope": "files.read admin"]).error == "invalid_scope")
        let narrow = try provider.refresh(token, ["scope": "files.read"])
        #expect(narrow.json["scope"]?.stringValue == "files.read")
    }
}
