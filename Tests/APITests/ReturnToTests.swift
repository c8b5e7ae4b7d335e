import Encoding
import HTTPTypes
import TestSupport
import Testing

/// SECURITY 10: where a flow may end.
struct ReturnToTests {
    private let front: Front

    init() throws {
        front = try Front(allowedOrigins: ["https://front.test"])
        try front.house.addDrive()
    }

    private func start(_ returnTo: String) throws -> Front.Answer {
        try front.ask(
            .get, "/api/integrations/drive/connect?returnTo=\(PercentEncoding.encode(returnTo))",
            front.session())
    }

    /// Where the browser ends when the provider says no.
    private func end(_ returnTo: String) throws -> String? {
        let begun = try start(returnTo)
        let query = try #require(begun.headers[.location]?.split(separator: "?").last)
        let state = try #require(Form(encoded: query)?["state"])
        let cookie = try #require(begun.headers[.setCookie]?.prefix { $0 != ";" })
        return try front.ask(
            .get, "/oauth2/callback?error=access_denied&state=\(state)",
            [("Cookie", String(cookie))]
        ).headers[.location]
    }

    @Test(arguments: [
        "", " ", "//e", "///e", #"/\e"#, #"\/e"#, #"\\e"#, "https:e", "https:/e", "https:///e",
        "https:e.test/@app.test", "/\t/e", "/%09/e", "/%0a/e", "/\r\nX: y", "/%0d%0aX:y", "/%5Ce",
        "/%2Fe", "/%2f%2fe", "/.//e", "/..//e", "/a/..//e", "/%2e//e", "javascript:alert(1)",
        "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "https://e.test/",
        "https://app.test.evil.test/", "https://app.test@evil.test/",
        "https://evil.test#@app.test/",
        "https://user@app.test/", "https://app.test:444/", "https://app.test./", "http://app.test/",
        "https://app.test\\@evil.test/", "https://front.test.evil.test", "https://sub.front.test/",
        "https://app.test%2eevil.test/", "https://ápp.test/", "relative", "?x=1", "#x", "./x",
        "/\u{0}", "/%00", "/%zz", "/ü", "//app.test/", "/\u{2028}/e", "file:///etc/passwd",
        "https://app.test/%0d%0aX:y", "https://app.test/\u{7F}",
    ])
    func `what might lead elsewhere is a 400, before any redirect`(returnTo: String) throws {
        let answer = try start(returnTo)
        #expect(answer.status == 400)
        #expect(answer.code == "invalid_return_to")
        #expect(answer.headers[.location] == nil)
    }

    @Test func `a long one is refused, and one that is given twice`() throws {
        #expect(try start("/" + String(repeating: "a", count: 2048)).status == 400)
        let twice = try front.ask(
            .get, "/api/integrations/drive/connect?returnTo=/a&returnTo=/b", front.session())
        #expect(twice.code == "invalid_return_to")
    }

    @Test(arguments: [
        ("/", "https://app.test/?"), ("/a/b", "https://app.test/a/b?"),
        ("/a?x=1", "https://app.test/a?x=1&"),
        ("/a?x=//e&y=%2F", "https://app.test/a?x=//e&y=%2F&"),
        ("/a?", "https://app.test/a?"), ("https://app.test", "https://app.test?"),
        ("https://app.test/a", "https://app.test/a?"),
        ("https://front.test/", "https://front.test/?"),
        ("HTTPS://FRONT.TEST/x", "HTTPS://FRONT.TEST/x?"),
    ])
    func `ours, and a trusted origin's, get the outcome behind their own query`(
        returnTo: String, expected: String
    ) throws {
        #expect(try end(returnTo) == "\(expected)integration=drive&error=access_denied")
    }

    @Test func `the fragment stays at the end`() throws {
        #expect(
            try end("/a?x=1#tab")
                == "https://app.test/a?x=1&integration=drive&error=access_denied#tab")
    }

    @Test func `without one the browser ends on our page`() throws {
        let begun = try front.ask(
            .get, "/api/integrations/drive/connect?popup=1", front.session())
        let query = try #require(begun.headers[.location]?.split(separator: "?").last)
        let state = try #require(Form(encoded: query)?["state"])
        let cookie = try #require(begun.headers[.setCookie]?.prefix { $0 != ";" })
        let end = try front.ask(
            .get, "/oauth2/callback?code=c&state=\(state)", [("Cookie", String(cookie))])
        #expect(end.status == 302)
        #expect(
            end.headers[.location]
                == "https://app.test/grantkeeper/connected?integration=drive&connected=1&popup=1")
    }

    @Test func `only we say how a flow ended`() throws {
        let begun = try start("/x?error=foo&tab=1&connected=1&%63onnected=1#end")
        let cookie = try #require(begun.headers[.setCookie]?.split(separator: ";").first)
        let state = try #require(
            begun.headers[.location]?.split(separator: "state=").last?.split(separator: "&").first)
        let ended = try front.ask(
            .get, "/oauth2/callback?error=access_denied&state=\(state)",
            [("Cookie", String(cookie))])
        #expect(
            ended.headers[.location]
                == "\(TestKeeper.publicBaseURL)/x?tab=1&integration=drive&error=access_denied#end")
    }

    @Test(arguments: [
        ("", "https://app.test/grantkeeper/connected?integration=drive&connected=1&narrowed=1"),
        ("?returnTo=/a?narrowed=0", "https://app.test/a?integration=drive&connected=1&narrowed=1"),
    ])
    func `who gets less than was asked for is told`(query: String, expected: String) throws {
        front.house.network.answer("https://provider.test/token") { _ in
            .json(["access_token": "a", "token_type": "Bearer", "scope": "other"])
        }
        let begun = try front.ask(
            .get, "/api/integrations/drive/connect\(query)", front.session())
        let target = try #require(begun.headers[.location]?.split(separator: "?").last)
        let state = try #require(Form(encoded: target)?["state"])
        let cookie = try #require(begun.headers[.setCookie]?.prefix { $0 != ";" })
        let end = try front.ask(
            .get, "/oauth2/callback?code=c&state=\(state)", [("Cookie", String(cookie))])
        #expect(end.headers[.location] == expected)
        let connection = try front.ask(
            .get, "/api/integrations/drive/connection", front.session()
        ).json
        #expect(connection["scope"] == "other")
        #expect(connection["missingScope"] == ["files"])
    }
}
