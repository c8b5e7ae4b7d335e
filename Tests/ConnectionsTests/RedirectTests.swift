import Connections
import Encoding
import HTTPClient
import HTTPTypes
import Headers
import Primitives
import Proxying
import TestSupport
import Testing

/// Redirects that are followed, because the caller or the integration wants it (SECURITY 49).
struct RedirectTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive([
            ("apiHosts", ["https://files.test/dav"]), ("headers", ["Accept-Version": "secret-2"]),
        ])
        try house.connect()
    }

    /// Has a URL's answers lead elsewhere.
    private func redirect(_ url: String, to location: String, _ status: Int = 302) {
        house.network.answer(url) { request in
            guard request.url == url || request.url.hasPrefix(url + "?") else {
                return FakeAnswer(body: "elsewhere")
            }
            return FakeAnswer(status, headers: [.location: location])
        }
    }

    @discardableResult
    private func call(
        _ method: HTTPRequest.Method = .get, _ url: String = "/a", follows: Bool? = true,
        headers: [(name: String, value: String)] = [], body: OutgoingBody = .none,
        slug: String = "drive"
    ) throws -> ProxiedAnswer {
        try house.keeper.relay(
            ProxyCall(
                method: method, target: .url(url, parameters: Form()), headers: .written(headers),
                body: body, followsRedirects: follows),
            through: slug, by: TestKeeper.user("alice"))
    }

    private var sent: [SentRequest] {
        house.network.sent().filter { !$0.url.hasPrefix("https://provider.test") }
    }

    private static let start = "https://api.test/v3/a"

    @Test(arguments: [
        ("https://api.test/v3/b", "https://api.test/v3/b"),
        ("/v3/b?x=1", "https://api.test/v3/b?x=1"),
        ("b#fragment", "https://api.test/v3/b"), ("./../v3/b", "https://api.test/v3/b"),
        ("https://files.test/dav/b", "https://files.test/dav/b"),
        ("//files.test/dav/b", "https://files.test/dav/b"),
        ("/v3/ü b", "https://api.test/v3/%C3%BC%20b"),
    ])
    func `below the bases the credential goes along`(location: String, url: String) throws {
        redirect(Self.start, to: location)
        let answer = try call(headers: [("X-Mine", "1")])
        #expect(answer.status == 200)
        #expect(sent.map(\.url) == [Self.start, url])
        let last = try #require(sent.last)
        #expect(last.headers[.authorization] == "Bearer access-1")
        #expect(last.headers[.init("Accept-Version")!] == "secret-2")
        #expect(last.headers[.init("X-Mine")!] == "1")
        #expect(last.connection != .fresh)
        #expect(answer.redirectedTo == url)
        #expect(answer.attempts == 2)
    }

    @Test(arguments: [
        "https://store.test/b?signature=canary", "https://api.test/v4/b", "https://api.test/v3x",
        "https://api.test:8443/v3/b", "http://api.test/v3/b", "https://api.test/v3/%2e%2e/b",
        "//store.test/b", "https://api.test.evil.test/v3/b",
    ])
    func `elsewhere goes nothing that says who asks, on a connection of its own`(
        location: String
    ) throws {
        redirect(Self.start, to: location)
        let answer = try call(headers: [
            ("X-Mine", "canary"), ("Accept", "a/b"), ("Range", "bytes=0-1"),
            ("Lock-Token", "<canary>"), ("If", "(<canary>)"),
        ])
        #expect(sent.count == 2)
        let last = try #require(sent.last)
        #expect(last.headers.allSatisfy { !$0.value.contains("access-") })
        #expect(last.headers.allSatisfy { !$0.value.contains("canary") && $0.value != "secret-2" })
        #expect(last.headers[.accept] == "a/b")
        #expect(last.headers[.range] == "bytes=0-1")
        #expect(last.headers[.init("CDN-Loop")!] != nil)
        #expect(last.connection == .fresh)
        #expect(answer.redirectedTo?.contains("?") == false)
    }

    @Test func `what comes back from elsewhere has no credential either`() throws {
        redirect(Self.start, to: "https://store.test/b")
        redirect("https://store.test/b", to: "https://api.test/v3/c")
        try call()
        #expect(sent.map(\.url).last == "https://api.test/v3/c")
        #expect(sent.last?.headers[.authorization] == nil)
        #expect(sent.last?.connection == .fresh)
    }

    @Test func `a credential that goes in the query goes along only below the bases`() throws {
        try house.addNews([("credentialPlacement", ["in": "query", "name": "api_key"])])
        try house.connect(to: "news", with: ["apiKey": "canary-key"])
        redirect("https://news.test/a", to: "/b?api_key=canary-key&x=1")
        try call(slug: "news")
        #expect(sent.last?.url == "https://news.test/b?x=1&api_key=canary-key")
        redirect("https://news.test/a", to: "https://store.test/b?x=1&api%5Fkey=canary-key")
        #expect(try call(slug: "news").redirectedTo == "https://store.test/b")
        #expect(sent.last?.url == "https://store.test/b?x=1")
    }

    @Test(
        arguments: [
            (301, .post, .get), (302, .post, .get), (303, .post, .get), (303, .put, .get),
            (303, .delete, .get), (303, .head, .head), (303, .get, .get), (301, .put, .put),
            (302, .delete, .delete), (302, .head, .head), (307, .post, .post), (308, .post, .post),
            (307, .patch, .patch), (308, .get, .get),
        ] as [(Int, HTTPRequest.Method, HTTPRequest.Method)])
    func `method and body are as RFC 9110 §15.4 has them`(
        status: Int, method: HTTPRequest.Method, next: HTTPRequest.Method
    ) throws {
        redirect(Self.start, to: "/v3/b", status)
        let hasBody = ![.get, .head].contains(method)
        try call(
            method, headers: hasBody ? [("Content-Type", "a/b"), ("Digest", "x")] : [],
            body: hasBody ? .bytes([0x61]) : .none)
        let last = try #require(sent.last)
        #expect(last.method == next)
        #expect(last.text == (hasBody && next == method ? "a" : ""))
        #expect(last.headers[.contentType] == (hasBody && next == method ? "a/b" : nil))
        #expect(last.headers.contains(.init("Digest")!) == (hasBody && next == method))
    }

    @Test func `a body that streamed is not sent again, and the redirect is the caller's`() throws {
        for (status, wanted) in [(307, 307), (308, 308), (303, 200)] {
            redirect(Self.start, to: "/v3/b", status)
            var left = true
            let body = OutgoingBody.stream(length: nil) { buffer in
                defer { left = false }
                if left { buffer[0] = 0x61 }
                return left ? 1 : 0
            }
            #expect(try call(.put, body: body).status.code == wanted)
        }
    }

    @Test func `five are followed, and no more`() throws {
        for number in 0..<5 {
            redirect("https://api.test/v3/\(number)", to: "/v3/\(number + 1)")
        }
        #expect(try call(.get, "/0").status == 200)
        #expect(sent.count == 6)
        redirect("https://api.test/v3/5", to: "/v3/5")
        do {
            try call(.get, "/0")
            Issue.record("it ended")
        } catch ConnectionsError.redirectNotFollowed(let code, _, let attempts) {
            #expect(code == .tooManyRedirects)
            #expect(attempts == 6)
        }
    }

    @Test(arguments: [
        "ftp://api.test/b", "javascript:alert(1)", "https://user@api.test/v3/b", "https:b",
        "https://api.test\\@evil.test/", "https://", "https://%61pi.test/v3/b",
        "file:///etc/passwd",
    ])
    func `a place that no call goes to is an error`(location: String) throws {
        redirect(Self.start, to: location)
        do {
            try call()
            Issue.record("it was called")
        } catch ConnectionsError.redirectNotFollowed(let code, _, _) {
            #expect(code == .redirectRefused)
        }
        #expect(sent.count == 1)
    }

    @Test func `a URL that the transport refuses is the API's fault, not the caller's`() throws {
        redirect(Self.start, to: "http://store.test/b")
        house.network.answer("http://store.test") { _ in throw HTTPClientError.badURL("scheme") }
        do {
            try call()
            Issue.record("it was called")
        } catch ConnectionsError.redirectNotFollowed(let code, _, _) {
            #expect(code == .redirectRefused)
        }
    }

    @Test(arguments: [300, 304, 305, 306, 200, 404])
    func `other statuses are no redirects`(status: Int) throws {
        redirect(Self.start, to: "/v3/b", status)
        #expect(try call().status.code == status)
        #expect(sent.count == 1)
    }

    @Test func `nor is one that leads nowhere`() throws {
        for headers in [[:], [.location: ""], [.location: "#x"]] as [HeaderFields] {
            house.network.answer(Self.start) { _ in FakeAnswer(308, headers: headers) }
            #expect(try call().status == 308)
        }
    }

    @Test func `by default none is followed, and a call's word counts for more`() throws {
        redirect(Self.start, to: "/v3/b")
        #expect(try call(follows: nil).status == 302)
        #expect(try call(follows: nil).redirectedTo == nil)
        try house.addDrive([("slug", "following"), ("followRedirects", true)])
        try house.connect(to: "following")
        #expect(try call(follows: nil, slug: "following").status == 200)
        #expect(try call(follows: false, slug: "following").status == 302)
    }

    @Test func `the path form says it in a field, which is not forwarded`() throws {
        redirect(Self.start, to: "/v3/b")
        func status(_ values: [String]) throws -> Int {
            let fields = values.map {
                HeaderField(name: .init("Grantkeeper-Follow-Redirects")!, value: $0)
            }
            return try house.keeper.relay(
                ProxyCall(
                    method: .get, target: .path("/a"), headers: .incoming(HeaderFields(fields))),
                through: "drive", by: TestKeeper.user("alice")
            ).status.code
        }
        #expect(try status(["true"]) == 200)
        #expect(try status(["false"]) == 302)
        #expect(sent.allSatisfy { !$0.headers.contains(.init("Grantkeeper-Follow-Redirects")!) })
        for wrong in [["1"], [""], ["yes"], ["true", "true"]] {
            #expect(throws: InputError.self) { try status(wrong) }
        }
    }

    @Test
    func `a token that is rejected after a redirect is refreshed, and the first call not repeated`()
        throws
    {
        redirect(Self.start, to: "/v3/b", 303)
        house.network.answer("https://api.test/v3/b") { request in
            FakeAnswer(request.headers[.authorization] == "Bearer access-1" ? 401 : 200)
        }
        #expect(try call(.post, body: .bytes([0x61])).status == 200)
        #expect(sent.map(\.method) == [.post, .get, .get])
        #expect(
            sent.map { $0.headers[.authorization] ?? "" }
                == ["Bearer access-1", "Bearer access-1", "Bearer access-2"])
    }

    @Test func `a 401 from elsewhere says nothing of the token`() throws {
        redirect(Self.start, to: "https://store.test/b")
        house.network.answer("https://store.test") { _ in FakeAnswer(401) }
        let before = house.network.sent(to: "https://provider.test/token").count
        #expect(try call().status == 401)
        #expect(house.network.sent(to: "https://provider.test/token").count == before)
    }
}
