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
    func `without a proven client and redirect URI no user is sent anywhere`(
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
        (["prompt": "consents"], "invalid_request"), (["prompt": "none login"], "invalid_request"),
        (["prompt": "login  consent"], "invalid_request"),
        (["response_mode": "web_message"], "invalid_request"),
        (["request": "eyJ.e30."], "request_not_supported"),
        (["request_uri": "https://app.test/r"], "request_uri_not_supported"),
        (["registration": "{}"], "registration_not_supported"),
        (["display": "tv"], "invalid_request"), (["max_age": "soon"], "invalid_request"),
        (["max_age": "-1"], "invalid_request"),
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

    @Test(arguments: [
        ["prompt": "login"], ["prompt": "consent select_account"], ["max_age": "0"],
        ["display": "popup"], ["response_mode": "query"],
    ])
    func `what can be had is no mistake`(change: [String: String]) throws {
        #expect(try provider.authorize(change).parameter("code") != nil)
        let asking = try TestProvider { $0.autoApprove = false }
        #expect(try asking.authorize(change).status == 200)
    }

    @Test func `prompt=none shows no page: it says what is missing, or goes on in silence`() throws
    {
        let provider = try TestProvider { $0.autoApprove = false }
        func silent(_ changes: [String: String] = [:]) throws -> Answer {
            let answer = try provider.authorize(["prompt": "none"].merging(changes) { $1 })
            #expect(answer.status == 302)
            #expect(answer.parameter("state") == "xyz")
            return answer
        }
        #expect(try silent().parameter("error") == "login_required")
        #expect(try silent(["login_hint": "nobody"]).parameter("error") == "login_required")
        #expect(try silent(["login_hint": "bob"]).parameter("error") == "consent_required")
        _ = try provider.order("decide", #"{"decision": "approve", "user": "bob"}"#)
        _ = try provider.exchange(try provider.code())
        #expect(try silent(["login_hint": "bob"]).parameter("code") != nil)
        #expect(
            try silent(["login_hint": "bob", "scope": "files.write"]).parameter("error")
                == "consent_required")
        #expect(try silent(["login_hint": "alice"]).parameter("error") == "consent_required")
    }

    @Test func `a test can order any error in the user's place`() throws {
        let order = #"{"decision": "deny", "error": "interaction_required"}"#
        _ = try provider.order("decide", order)
        #expect(
            try provider.authorize(["prompt": "none"]).parameter("error") == "interaction_required")
        #expect(try provider.order("decide", #"{"error": "login_required"}"#).status == 400)
    }

    @Test func `response_mode says how the answer gets back, an error too`() throws {
        let fragment = try provider.authorize(["response_mode": "fragment"])
        #expect(fragment.location.hasPrefix(TestProvider.redirectURI + "#code="))
        let form = try provider.authorize(["response_mode": "form_post", "state": "a\"><b"])
        #expect(form.status == 200)
        #expect(form.location.isEmpty)
        #expect(
            form.text.contains(#"<form method="post" action="\#(TestProvider.redirectURI)">"#))
        #expect(form.text.contains(#"name="code" value="mock-code-"#))
        #expect(form.text.contains(#"name="state" value="a&quot;&gt;&lt;b""#))
        #expect(form.text.contains("document.forms[0].submit()"))
        let refused = try provider.authorize(["response_mode": "form_post", "scope": "two  spaces"])
        #expect(refused.text.contains(#"name="error" value="invalid_scope""#))
    }

    @Test func `iss can be left out, or wrong`() throws {
        #expect(
            try TestProvider { $0.issuerParameter = .absent }.authorize().parameter("iss") == nil)
        #expect(
            try TestProvider { $0.issuerParameter = .wrong("https://evil.test") }
                .authorize().parameter("iss") == "https://evil.test")
    }
}
