import Connections
import HTTPTypes
import TestSupport
import Testing

/// What of an upstream's header reaches the caller.
struct ReturnedHeadersTests {
    private let house: Household

    init() throws {
        house = try Household()
        try house.addDrive([("credentialPlacement", ["in": "query", "name": "key"])])
        try house.connect(with: ["accessToken": "secret-canary"])
    }

    /// What becomes of those fields in the answer to `/files/list?page=2`.
    private func returned(_ fields: [(String, String)]) throws -> HTTPFields {
        var headers = HTTPFields()
        for (name, value) in fields {
            headers.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        house.network.answer("https://api.test") { [headers] _ in FakeAnswer(headers: headers) }
        return try house.call("/files/list?page=2").headers
    }

    @Test(arguments: [
        ("https://other.test/a", "https://other.test/a"),
        ("//other.test/a", "https://other.test/a"),
        ("/files/7", "https://api.test/files/7"),
        ("7", "https://api.test/v3/files/7"),
        ("./7?x=1#top", "https://api.test/v3/files/7?x=1#top"),
        ("../users/./7", "https://api.test/v3/users/7"),
        ("../../../../up/..", "https://api.test/"),
        ("/a/../b//c", "https://api.test/b//c"),
        ("?page=3", "https://api.test/v3/files/list?page=3"),
        ("#top", "https://api.test/v3/files/list?page=2#top"),
        ("", "https://api.test/v3/files/list?page=2"),
        ("a:b/c", "a:b/c"),
        ("./a:b", "https://api.test/v3/files/a:b"),
        ("1a:b", "https://api.test/v3/files/1a:b"),
        ("app://done", "app://done"),
        (#"/\evil.test"#, #"https://api.test/\evil.test"#),
        (#"\\evil.test"#, #"https://api.test/v3/files/\\evil.test"#),
        ("/\t/evil.test", "https://api.test/\t/evil.test"),
    ])
    func `a reference is the API's, and absolute`(reference: String, absolute: String) throws {
        let headers = try returned([("Location", reference), ("Content-Location", reference)])
        #expect(headers[.location] == absolute)
        #expect(headers[.contentLocation] == absolute)
    }

    @Test(arguments: ["https:evil.test", "HTTP:evil.test", "https:/evil.test", "http:"])
    func `a reference that readers disagree about is left out`(reference: String) throws {
        #expect(try returned([("Location", reference)])[.location] == nil)
    }

    @Test(arguments: [
        (
            #"<https://api.test/v3/files?page=3>; rel="next", </files?page=9>;rel=last"#,
            #"<https://api.test/v3/files?page=3>; rel="next", "#
                + #"<https://api.test/files?page=9>; rel="last""#
        ),
        (#"<?page=3>; rel="next""#, #"<https://api.test/v3/files/list?page=3>; rel="next""#),
        (
            #"<a,b;c>; rel="next"; title="a, \"b\"; c", , <d>; rel=prev"#,
            #"<https://api.test/v3/files/a,b;c>; rel="next"; title="a, \"b\"; c", "#
                + #"<https://api.test/v3/files/d>; rel="prev""#
        ),
        (
            #"</x>; rel=item; anchor="/y"; title*=UTF-8''%e2%82%ac; flag"#,
            #"<https://api.test/x>; rel="item"; anchor="https://api.test/y"; "#
                + #"title*=UTF-8''%e2%82%ac; flag"#
        ),
        (
            #"<https://api.w.org/>; rel="https://api.w.org/", </c>; rel="preload"; as=style"#,
            #"<https://api.w.org/>; rel="https://api.w.org/""#
        ),
        (
            "</a>; rel=next; title=\"\\\"\u{301}\"",
            "<https://api.test/a>; rel=\"next\"; title=\"\\\"\u{301}\""
        ),
        (#"</a>; rel="next", </b>; rel=prev broken"#, #"<https://api.test/a>; rel="next""#),
        (#"</a>; rel="next", </b>; rel="open"#, #"<https://api.test/a>; rel="next""#),
    ])
    func `links come back, absolute`(field: String, expected: String) throws {
        #expect(try returned([("Link", field)])[#require(HTTPField.Name("Link"))] == expected)
    }

    @Test(arguments: [
        "preload", "PreLoad", "prefetch", "preconnect", "dns-prefetch", "prerender",
        "modulepreload", "stylesheet", "icon", "shortcut icon", "next prefetch", "serviceworker",
        "manifest", "compression-dictionary", "",
    ])
    func `links on which a browser acts do not`(relations: String) throws {
        let link = try #require(HTTPField.Name("Link"))
        #expect(try returned([("Link", #"</x>; rel="\#(relations)""#)])[link] == nil)
        #expect(
            try returned([("Link", "</x>; rel=next; rel=\"\(relations) preload\"")])[link] == nil)
    }

    @Test(arguments: [
        "</x>; title=\"a\"\u{301}; rel=preload; b=\"; rel=next",
        "</x>; rel=\"next\tpreload\"", "</x>; REL=preload; rel=next",
    ])
    func `no spelling hides a relation`(field: String) throws {
        let link = try #require(HTTPField.Name("Link"))
        #expect(try returned([("Link", field)])[link] == nil)
    }

    @Test(arguments: [
        #"</x>; rel=next; title*="a; rel=preload""#, #"</x>; rel=next; a"b=c"#,
        "</x>; rel=next; \u{E9}=1", "</x>; rel=next; =1",
    ])
    func `a parameter that readers would take for something else is left out`(
        field: String
    ) throws {
        let link = try #require(HTTPField.Name("Link"))
        #expect(try returned([("Link", field)])[link] == #"<https://api.test/x>; rel="next""#)
    }

    @Test(arguments: [
        "", "no link", "</x>", "<x", "<a<b>; rel=next", "https://api.test/; rel=next",
    ])
    func `what is no link is left out`(field: String) throws {
        #expect(try returned([("Link", field)])[#require(HTTPField.Name("Link"))] == nil)
    }

    @Test(arguments: [
        "ETag", "Last-Modified", "Vary", "Content-Range", "Accept-Ranges", "Content-Encoding",
        "Content-Language", "Retry-After", "X-RateLimit-Remaining", "Deprecation", "Age",
    ])
    func `what tells about the answer comes back as it is`(name: String) throws {
        #expect(try returned([(name, "7")])[#require(HTTPField.Name(name))] == "7")
    }

    @Test(arguments: [
        "Set-Cookie", "Set-Login", "X-Accel-Redirect", "Status", "Refresh", "Alt-Svc",
        "Clear-Site-Data", "Strict-Transport-Security", "Service-Worker-Allowed", "Accept-CH",
        "Speculation-Rules", "Use-As-Dictionary", "Timing-Allow-Origin", "Reporting-Endpoints",
        "Access-Control-Allow-Origin", "Permissions-Policy", "Cross-Origin-Opener-Policy",
        "Origin-Agent-Cluster", "Sec-Session-Registration", "Attribution-Reporting-Register-Source",
        "Keep-Alive", "Upgrade", "Transfer-Encoding", "Proxy-Status", "X-Hop",
    ])
    func `what speaks for the host or the connection does not`(name: String) throws {
        let headers = try returned([(name, "7"), ("Connection", "close,\tX-Hop")])
        #expect(headers[try #require(HTTPField.Name(name))] == nil)
    }

    @Test(arguments: [
        (["text/html"], true), (["text/plain", "image/svg+xml"], true),
        (["text/plain, TEXT/HTML; charset=utf-8"], true), (["application/rss+xml"], true),
        (["text/javascript"], true), (["multipart/related"], true), (["text/plain"], false),
        (["application/json"], false), (["application/pdf"], false),
    ])
    func `what a browser would run is an attachment`(types: [String], isActive: Bool) throws {
        let headers = try returned(
            types.map { ("Content-Type", $0) } + [("Content-Disposition", "inline")])
        #expect(headers[.contentDisposition] == (isActive ? "attachment" : "inline"))
    }

    @Test func `a credential in the query is in no reference`() throws {
        let headers = try returned([("Location", ""), ("Link", "<>; rel=self")])
        #expect(
            house.network.sent(to: "https://api.test").last?.url.contains("secret-canary") == true)
        #expect(!headers.contains { $0.value.contains("secret-canary") })
    }
}
