import Connections
import HTTPTypes
import Headers
import Proxying
import TestSupport
import Testing

/// What of an upstream's header reaches the caller.
struct ReturnedHeadersTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive([("credentialPlacement", ["in": "query", "name": "key"])])
        try house.connect(with: ["accessToken": "secret-canary"])
    }

    /// What becomes of those fields in the answer to `/files/list?page=2`.
    private func returned(_ fields: [(String, String)]) throws -> HeaderFields {
        var headers = HeaderFields()
        for (name, value) in fields {
            headers.append(HeaderField(name: try #require(HTTPField.Name(name)), value: value))
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
        "CDN-Cache-Control", "Cloudflare-CDN-Cache-Control", "Vercel-CDN-Cache-Control",
        "Netlify-CDN-Cache-Control", "Akamai-Cache-Control", "X-LiteSpeed-Cache-Control",
        "Unheard-Of-Cache-Control", "Surrogate-Control", "Surrogate-Key", "Edge-Control",
        "Edge-Cache-Tag", "Cache-Tag", "Cache-Tags", "X-Drupal-Cache-Tags", "xkey",
        "Cache-Groups", "Cache-Group-Invalidation", "Netlify-Vary", "No-Vary-Search",
        "X-LiteSpeed-Tag", "X-LiteSpeed-Purge", "X-Cache-Enabled", "cf-edge-cache", "Expires",
        "Pragma", "Cache-Control", "Variants",
    ])
    func `what would have a cache before the host keep the answer does not`(name: String) throws {
        let headers = try returned([(name, "public, max-age=600")])
        #expect(headers[.cacheControl] == "no-store")
        #expect(!headers.contains { $0.value.contains("600") })
    }

    @Test(arguments: [
        "X-Sendfile", "X-Sendfile-Type", "X-Lighttpd-Send-File", "X-LIGHTTPD-send-tempfile",
        "X-Reproxy-URL", "X-LiteSpeed-Location", "X-Accel-Mapping", "Secure-Session-Registration",
        "Secure-Session-Challenge", "Sec-Session-Challenge", "Accept-CH-Lifetime", "Critical-CH",
        "Permissions-Policy-Report-Only", "Document-Isolation-Policy", "Origin-Trial",
        "IdP-SignIn-Status", "Shared-Storage-Write", "Ad-Auction-Allowed", "Onion-Location",
        "Referrer-Policy", "Authentication-Control", "Report-To", "Proxy-Support",
        "Public-Key-Pins-Report-Only", "X-XSS-Protection", "Upstream-Attempts",
        "Upstream-WWW-Authenticate", "Require-Document-Policy", "P3P",
    ])
    func `what a server or a browser would act on does not`(name: String) throws {
        let headers = try returned([(name, "7")])
        #expect(headers[try #require(HTTPField.Name(name))] == nil)
    }

    @Test(arguments: [
        "X-Cache", "CF-Ray", "CF-Cache-Status", "Cache-Status", "X-Request-Id", "X-Total-Count",
        "RateLimit-Policy", "Link-Template", "Sunset", "Content-Digest", "Edgeworth", "Sector",
        "X-Control", "Server-Timing", "WWW-Cache-Controller",
    ])
    func `an API's own fields come back`(name: String) throws {
        #expect(try returned([(name, "7")])[#require(HTTPField.Name(name))] == "7")
    }

    @Test func `a head is passed on as long as nginx has room for it`() throws {
        let short = (1...60).map { ("X-\($0)", String(repeating: "a", count: 1000)) }
        #expect(try returned(short).count > 60)
        try expectTooLarge(short + [("X-0", String(repeating: "a", count: 4000))])
    }

    @Test func `SECURITY 36: references do not grow beyond it when they are made absolute`() throws
    {
        let links = (1...3000).map { "<?\($0)>;rel=next" }.joined(separator: ",")
        #expect(links.utf8.count < 65_536)
        try expectTooLarge([("Link", links)])
    }

    private func expectTooLarge(_ fields: [(String, String)]) throws {
        let error = #expect(throws: ConnectionsError.self) { try returned(fields) }
        guard case .upstream(.headerTooLarge, attempts: 1) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
    }

    @Test(arguments: [(204, nil), (304, nil), (200, "7"), (404, "7")] as [(Int, String?)])
    func `a body that does not come has no length`(status: Int, length: String?) throws {
        house.network.answer("https://api.test") { _ in
            FakeAnswer(status, headers: [.contentLength: "7"])
        }
        let call = ProxyCall(method: .get, target: .path("/x"), headers: .written([]))
        let answer = try house.keeper.relay(
            call, through: "drive", by: TestKeeper.user("alice"))
        #expect(answer.contentLength == length)
    }

    @Test(arguments: [
        (["text/html"], true), (["text/plain", "image/svg+xml"], true),
        (["text/plain, TEXT/HTML; charset=utf-8"], true), (["application/rss+xml"], true),
        (["text/javascript"], true), (["multipart/related"], true), (["text/plain"], false),
        (["application/json"], false), (["application/pdf"], false),
        (["text/xml\t;charset=utf-8"], true), (["\ttext/xml"], true), (["Text/HTML\t"], true),
        (["text/html;a=\"b, text/plain"], true), (["text/html, text/plain"], true),
        (["text/plain", "text/html"], true), (["text/html", "text/plain"], true),
        (["multipart/x-mixed-replace; boundary=x"], true), (["multipart/mixed"], true),
        (["application/xhtml+xml"], true), (["APPLICATION/MathML+XML"], true),
        (["application/xslt+xml"], true), (["text/vbscript"], true), (["text/jscript"], true),
        (["application/x-xpinstall"], true), (["message/rfc822"], true),
        ([""], true), (["text"], true), (["text/"], true), (["/html"], true), (["text html"], true),
        (["text/plain x"], true), (["text /plain"], true), (["t\u{E9}xt/plain"], true),
        (["text/plain,"], true), (["*"], true), (["text/plain", ""], true), ([], true),
        (["text/plain;charset=utf-8"], false), (["text/plain \t; a=b"], false),
        (["application/vnd.api+json; profile=x"], false), (["image/png"], false),
    ])
    func `what a browser would run is an attachment`(types: [String], isActive: Bool) throws {
        let headers = try returned(
            types.map { ("Content-Type", $0) } + [("Content-Disposition", "inline")])
        #expect(headers[.contentDisposition] == (isActive ? "attachment" : "inline"))
    }

    @Test(arguments: [
        ("attachment; filename=a.html", "attachment; filename=a.html"),
        ("ATTACHMENT;filename=a", "attachment;filename=a"), ("attachmentx", "attachment"),
        ("inline; filename=a", "attachment; filename=a"), ("attachment, inline", "attachment"),
    ])
    func `an attachment keeps its name`(given: String, expected: String) throws {
        let headers = try returned([
            ("Content-Type", "text/html"), ("Content-Disposition", given),
        ])
        #expect(headers[.contentDisposition] == expected)
    }

    @Test(arguments: [204, 304])
    func `what has no body needs no type`(status: Int) throws {
        house.network.answer("https://api.test") { _ in FakeAnswer(status) }
        #expect(try house.call("/x").headers[.contentDisposition] == nil)
    }

    @Test func `a credential in the query is in no reference`() throws {
        let headers = try returned([("Location", ""), ("Link", "<>; rel=self")])
        #expect(
            house.network.sent(to: "https://api.test").last?.url.contains("secret-canary") == true)
        #expect(!headers.contains { $0.value.contains("secret-canary") })
    }

    @Test func `the request's id is ours to say, and an API's own has its own names`() throws {
        let headers = try returned([("Grantkeeper-Request-Id", "x"), ("X-Request-Id", "y")])
        #expect(!headers.contains { $0.name.canonicalName == "grantkeeper-request-id" })
        #expect(headers.contains { $0.name.canonicalName == "x-request-id" && $0.value == "y" })
    }
}
