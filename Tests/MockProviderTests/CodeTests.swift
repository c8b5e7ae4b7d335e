import MockProvider
import Testing

@Suite struct CodeTests {
    private let provider: TestProvider

    init() throws {
        provider = try TestProvider()
    }

    @Test func `a code is exchanged for tokens that work, and no cache stores the answer`() throws {
        let answer = try provider.tokens()
        #expect(answer.status == 200)
        #expect(answer.json["token_type"]?.stringValue == "Bearer")
        #expect(answer.json["expires_in"]?.intValue == 3_600)
        #expect(answer.json["scope"]?.stringValue == "files.read")
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(try provider.call(answer.accessToken) == 200)
    }

    @Test(arguments: [
        ["code": "unknown"], ["redirect_uri": ""],
        ["redirect_uri": "https://app.test/oauth2/callback/"],
        ["code_verifier": ""], ["code_verifier": String(repeating: "w", count: 43)],
        ["client_id": "other", "client_secret": "0ther"],
    ])
    func `what does not belong to the code is an invalid_grant`(
        change: [String: String]
    ) throws {
        let answer = try provider.exchange(try provider.code(), change)
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_grant")
    }

    @Test(arguments: [
        String(repeating: "v", count: 42), String(repeating: "v", count: 129),
        String(repeating: "v", count: 42) + "/",
    ])
    func `a verifier has the length and the letters of RFC 7636`(verifier: String) throws {
        let code = try provider.code(["code_challenge": Text.s256(verifier)])
        let answer = try provider.exchange(code, ["code_verifier": verifier])
        #expect(answer.error == "invalid_grant")
    }

    @Test func `a verifier without a challenge is refused`() throws {
        let provider = try TestProvider { $0.requirePKCE = false }
        let code = try provider.code(["code_challenge": "", "code_challenge_method": ""])
        #expect(try provider.exchange(code).error == "invalid_grant")
        #expect(try provider.exchange(code, ["code_verifier": ""]).status == 200)
    }

    @Test func `a code lives for its 60 seconds and no longer`() throws {
        let late = try provider.code()
        provider.advance(seconds: 60)
        #expect(try provider.exchange(late).error == "invalid_grant")
        let inTime = try provider.code()
        provider.advance(seconds: 59)
        #expect(try provider.exchange(inTime).status == 200)
    }

    @Test func `a code used twice ends all that it gave`() throws {
        let code = try provider.code()
        let first = try provider.exchange(code)
        let refreshed = try provider.refresh(first.refreshToken)
        #expect(try provider.call(refreshed.accessToken) == 200)
        #expect(try provider.exchange(code).error == "invalid_grant")
        #expect(try provider.call(first.accessToken) == 401)
        #expect(try provider.call(refreshed.accessToken) == 401)
        #expect(try provider.refresh(refreshed.refreshToken).error == "invalid_grant")
        #expect(try provider.counter("code.replayed") == 1)
    }

    @Test func `another client's try does not use a code up`() throws {
        let code = try provider.code()
        let other = ["client_id": "other", "client_secret": "0ther"]
        #expect(try provider.exchange(code, other).error == "invalid_grant")
        #expect(try provider.exchange(code).status == 200)
    }

    @Test func `a public client proves itself by its verifier alone`() throws {
        let code = try provider.code(client: "public")
        let answer = try provider.exchange(code, ["client_id": "public", "client_secret": ""])
        #expect(answer.status == 200)
    }

    @Test func `lifetimes, expires_in and refresh tokens are as they are set`() throws {
        let provider = try TestProvider {
            $0.accessTokenLifetime = 5
            $0.sendExpiresIn = false
            $0.issueRefreshToken = false
        }
        let answer = try provider.tokens()
        #expect(answer.json["expires_in"] == nil)
        #expect(answer.json["refresh_token"] == nil)
        provider.advance(seconds: 4)
        #expect(try provider.call(answer.accessToken) == 200)
        provider.advance(seconds: 1)
        #expect(try provider.call(answer.accessToken) == 401)
    }
}
