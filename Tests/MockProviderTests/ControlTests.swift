import HTTPTypes
import Headers
import MockProvider
import Testing

@Suite struct ControlTests {
    private let provider: TestProvider

    init() throws {
        provider = try TestProvider()
    }

    @Test(arguments: [
        ("status", #"{"mode": "status", "status": 503}"#, 503),
        ("an error", #"{"mode": "error", "code": "invalid_grant"}"#, 400),
        ("an error with 200", #"{"mode": "error_with_200"}"#, 200),
        ("HTML", #"{"mode": "html"}"#, 200),
    ])
    func `the next answer fails as it is ordered, and the one after does not`(
        name: String, order: String, status: Int
    ) throws {
        #expect(try provider.order("fail", order).json["pending"]?.intValue == 1)
        let code = try provider.code()
        let spoiled = try provider.exchange(code)
        #expect(spoiled.status == status)
        #expect(spoiled.accessToken.isEmpty)
        #expect(try provider.exchange(code).status == 200)
    }

    @Test func `an answer can be lost after the request took effect`() throws {
        let token = try provider.tokens().refreshToken
        let order = #"{"mode": "status", "status": 502, "afterEffect": true}"#
        _ = try provider.order("fail", order)
        #expect(try provider.refresh(token).status == 502)
        #expect(try provider.refresh(token).error == "invalid_grant")
        #expect(try provider.counter("refresh.reused") == 1)
    }

    @Test(arguments: [
        ("fail", #"{"mode": "explode"}"#), ("fail", #"{"mode": "html", "endpoint": "moon"}"#),
        ("fail", #"{"mode": "html", "count": 0}"#), ("fail", #"{"mode": "html", "colour": 1}"#),
        ("settings", #"{"accessTokenLifetme": 5}"#), ("settings", #"{"rotation": "maybe"}"#),
        ("settings", "[]"), ("decide", #"{"user": "nobody"}"#), ("expire", "{"),
    ])
    func `an order that means nothing is refused and changes nothing`(
        path: String, order: String
    ) throws {
        let before = try provider.ask(.get, "/control/settings").text
        let answer = try provider.order(path, order)
        #expect(answer.status == 400)
        #expect(answer.error?.isEmpty == false)
        #expect(try provider.ask(.get, "/control/settings").text == before)
        #expect(try provider.tokens().status == 200)
    }

    @Test func `tokens expire and grants end by user`() throws {
        let alice = try provider.tokens()
        let bob = try provider.exchange(try provider.code(["login_hint": "bob"]))
        _ = try provider.order("expire", #"{"user": "alice"}"#)
        #expect(try provider.call(alice.accessToken) == 401)
        #expect(try provider.call(bob.accessToken) == 200)
        #expect(try provider.refresh(alice.refreshToken).status == 200)
        _ = try provider.order("revoke", #"{"user": "bob"}"#)
        #expect(try provider.call(bob.accessToken) == 401)
        #expect(try provider.refresh(bob.refreshToken).error == "invalid_grant")
    }

    @Test func `what was seen holds no secret`() throws {
        let tokens = try provider.tokens()
        _ = try provider.refresh(tokens.refreshToken)
        let seen = try provider.ask(.get, "/control/requests")
        #expect(seen.json["requests"]?.elements?.count == 2)
        for secret in ["s3cret", tokens.refreshToken, TestProvider.verifier] {
            #expect(!seen.text.contains(secret))
        }
        let grants = try provider.ask(.get, "/control/grants")
        #expect(!grants.text.contains("mock-rt-"))
    }

    @Test func `a page in the tester's browser gives no orders`() throws {
        for fields: HeaderFields in [[.origin: "https://evil.test"], [.secFetchSite: "cross-site"]]
        {
            #expect(try provider.ask(.post, "/control/reset", fields).status == 403)
        }
    }

    @Test func `a reset is the beginning, and grants stay`() throws {
        let token = try provider.tokens().accessToken
        _ = try provider.order("settings", #"{"accessTokenLifetime": 5, "pkce": "optional"}"#)
        _ = try provider.order("fail", #"{"mode": "html", "count": 9}"#)
        _ = try provider.order("reset", "")
        #expect(try provider.counter("token.authorization_code") == 0)
        #expect(try provider.tokens().json["expires_in"]?.intValue == 3_600)
        #expect(try provider.call(token) == 200)
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .origin
}
