import HTTPTypes
import Testing
import Web

@Suite struct RouterTests {
    private let router = Router<String>([
        Route(.get, "/api/integrations/{id}/connect", "connect"),
        Route(.post, "/api/integrations/{id}/connect", "create"),
        Route(.get, "/api/integrations/mine", "mine"),
        Route(.get, "/api/integrations/{id}", "one"),
        Route(.get, "/api/integrations/{id}/request/{path*}", "proxy"),
        Route(.get, "/", "root"),
        Route(.post, "/any", "post"),
        Route(nil, "/any", "other"),
    ])

    /// The route's name and what its pattern's name stands for; or what else was found.
    private func find(
        _ path: String, _ method: HTTPRequest.Method = .get, _ name: String = "id"
    ) -> String {
        switch router.match(method: method, path: path) {
        case .found(let route, let parameters): "\(route.handler) \(parameters[name])"
        case .methodNotAllowed(let allowed): allowed.map(\.rawValue).joined(separator: " ")
        case .notFound: "not found"
        }
    }

    @Test func `a path leads to its route and gives its parameters`() {
        #expect(find("/api/integrations/drive/connect") == "connect drive")
        #expect(find("/api/integrations/drive/connect", .post) == "create drive")
        #expect(find("/") == "root ")
    }

    @Test func `the first route that fits wins`() {
        #expect(find("/api/integrations/mine") == "mine ")
        #expect(find("/api/integrations/yours") == "one yours")
    }

    @Test func `a line for any method takes what those before it do not`() {
        #expect(find("/any", .post) == "post ")
        #expect(find("/any", .get) == "other ")
        #expect(find("/any", HTTPRequest.Method("PROPFIND")!) == "other ")
    }

    @Test func `a known path with another method names the methods`() {
        #expect(find("/api/integrations/drive/connect", .delete) == "GET POST")
    }

    @Test(arguments: [
        "", "api/integrations/x", "/api/integrations/x/connect/", "/api//integrations/x",
        "//api/integrations/x", "/API/integrations/x", "/api/integrations//connect", "*",
        "/api%2Fintegrations%2Fx", "/api/./integrations/x", "/api/integrations/x/../y",
        "http://h/api/integrations/x", "/%61pi/integrations/x", "/api/integrations/%/connect",
        "/api/integrations/%FF/connect",
    ])
    func `a path is taken as it is written: nothing merged, resolved or decoded`(path: String) {
        #expect(find(path) == "not found")
    }

    @Test func `a parameter is one segment, decoded after it was cut out`() {
        #expect(find("/api/integrations/a%2Fb%20c/connect") == "connect a/b c")
        #expect(find("/api/integrations/%2e%2e/connect") == "connect ..")
    }

    @Test(arguments: [
        "files", "", "a/b//c/", "%2e%2e/x", "a%2Fb", "a%zz", "\u{E9}/e\u{301}", "/", "\u{301}x",
    ])
    func `the rest of a path stays raw, byte for byte`(rest: String) {
        let found = find("/api/integrations/x/request/\(rest)", .get, "path")
        #expect(found.utf8.elementsEqual("proxy \(rest)".utf8))
    }

    @Test func `a path that stops before its rest is another path`() {
        #expect(find("/api/integrations/x/request") == "not found")
    }

    @Test func `a slash is a slash, whatever stands behind it`() {
        // Swift takes '/' and a combining accent for one character.
        #expect(find("/api/integrations/\u{301}x/connect") == "connect \u{301}x")
    }

    /// Two patterns that fit one path, the one with the name first.
    private let crossing = Router<String>([
        Route(.post, "/a/{x}/c", "post"),
        Route(.get, "/a/{x}/c", "name"),
        Route(.get, "/a/b/c", "literal"),
        Route(.put, "/a/b/{y}", "put"),
        Route(.delete, "/a/{rest*}", "rest"),
    ])

    @Test(arguments: [
        (HTTPRequest.Method.get, "name"), (.post, "post"), (.put, "put"), (.delete, "rest"),
    ])
    func `of several patterns that fit, the first with the method wins`(
        method: HTTPRequest.Method, handler: String
    ) {
        guard case .found(let route, _) = crossing.match(method: method, path: "/a/b/c") else {
            Issue.record("nothing was found")
            return
        }
        #expect(route.handler == handler)
    }

    @Test func `the methods of all patterns that fit are named, each once, in their order`() {
        guard
            case .methodNotAllowed(let allowed) = crossing.match(method: .patch, path: "/a/b/c")
        else {
            Issue.record("a method was found")
            return
        }
        #expect(allowed == [.post, .get, .put, .delete])
    }

    @Test func `a value that cannot be decoded leaves the other patterns`() {
        guard
            case .methodNotAllowed(let allowed) = crossing.match(method: .patch, path: "/a/%/c")
        else {
            Issue.record("a method was found")
            return
        }
        #expect(allowed == [.delete])
    }
}
