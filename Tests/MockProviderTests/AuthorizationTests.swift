import Encoding
import MockProvider
import Testing

@Suite struct AuthorizationTests {
    private let provider: TestProvider

    init() throws {
        provider = try TestProvider()
    }

    @Test func `a request in order leads back with code, state and iss`() throws {
        let answer = try provider.authorize()
        #expect(answer.status == 302)
        #expect(answer.location.hasPrefix(TestProvider.redirectURI + "?"))
        #expect(answer.parameter("code")?.isEmpty == false)
        #expect(answer.parameter("state") == "xyz")
        #expect(answer.parameter("iss") == TestProvider.issuer)
    }

    @Test(arguments: [
        ["client_id": ""], ["client_id": "nobody"],
        ["redirect_uri": "https://app.test/oauth2/callback/"],
        ["redirect_uri": "https://app.test/oauth2/Callback"],
        ["redirect_uri": "https://app.test/oauth2/callback?x=1"],
        ["redirect_uri": "https://evil.test/oauth2/callback"],
    ])
    func `without a proven client and redirect URI nobody is sent anywhere`(
        change: [String: String]
    ) throws {
        let answer = try provider.authorize(change)
        #expect(answer.status == 400)
        #expect(answer.location.isEmpty)
    }

    @Test(arguments: [
        (["response_type": ""], "invalid_request"),
        (["response_type": "token"], "unsupported_response_type"),
        (["code_challenge": ""], "invalid_request"),
        (["code_challenge_method": "plain"], "invalid_request"),
        (["code_challenge_method": ""], "invalid_request"),
        (["code_challenge": "short"], "invalid_request"),
        (["scope": "two  spaces"], "invalid_scope"),
    ])
    func `any other mistake is told to the client, with its state`(
        change: [String: String], code: String
    ) throws {
        let answer = try provider.authorize(change)
        #expect(answer.status == 302)
        #expect(answer.parameter("error") == code)
        #expect(answer.parameter("state") == "xyz")
        #expect(answer.parameter("iss") == TestProvider.issuer)
        #expect(answer.parameter("code") == nil)
    }

    @Test func `a parameter that is sent twice is a mistake`() throws {
        let target = try provider.authorize().location
        #expect(!target.isEmpty)
        let query =
            "client_id=client&redirect_uri=https%3A%2F%2Fapp.test%2Foauth2%2Fcallback"
            + "&response_type=code&scope=a&scope=b&state=xyz"
        let answer = try provider.ask(.get, "/authorize?\(query)")
        #expect(answer.parameter("error") == "invalid_request")
        let twice = try provider.ask(.get, "/authorize?\(query)&client_id=client")
        #expect(twice.status == 400)
        #expect(twice.location.isEmpty)
    }

    @Test func `a scope that does not exist is refused where scopes are named`() throws {
        let provider = try TestProvider { $0.scopes = ["files.read"] }
        #expect(try provider.authorize().parameter("code") != nil)
        #expect(
            try provider.authorize(["scope": "files.write"]).parameter("error") == "invalid_scope")
    }

    @Test func `the page asks, escapes what it shows, and is answered once`() throws {
        let provider = try TestProvider { $0.autoApprove = false }
        let page = try provider.authorize(["scope": "<script>"])
        #expect(page.status == 200)
        #expect(!page.text.contains("<script>"))
        let request = page.text.split(separator: "name=\"request\" value=\"").last?
            .prefix { $0 != "\"" }
        let decision = [
            ("request", String(request ?? "")), ("user", "bob"), ("decision", "approve"),
        ]
        let answer = try provider.post("/authorize/decide", decision)
        #expect(answer.status == 303)
        #expect(answer.parameter("code") != nil)
        #expect(try provider.post("/authorize/decide", decision).status == 400)
    }

    @Test func `a user who says no is an access_denied`() throws {
        let provider = try TestProvider { $0.autoApprove = false }
        _ = try provider.order("decide", #"{"decision": "deny"}"#)
        #expect(try provider.authorize().parameter("error") == "access_denied")
        #expect(try provider.authorize().status == 200)
    }

    @Test func `iss can be left out, or wrong`() throws {
        #expect(
            try TestProvider { $0.issuerParameter = .absent }.authorize().parameter("iss") == nil)
        #expect(
            try TestProvider { $0.issuerParameter = .wrong("https://evil.test") }
                .authorize().parameter("iss") == "https://evil.test")
    }
}
