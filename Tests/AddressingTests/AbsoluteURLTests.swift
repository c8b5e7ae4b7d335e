import Addressing
import Testing

struct AbsoluteURLTests {
    @Test(
        arguments: [
            ("https://h.test", "https://h.test", "", nil),
            ("https://h.test/", "https://h.test", "/", nil),
            ("HTTPS://H.Test:443/A/%2e?x=1?y", "https://h.test", "/A/%2e", "x=1?y"),
            ("http://h.test:80?q", "http://h.test", "", "q"),
            ("http://h.test:8080/{a}?", "http://h.test:8080", "/{a}", ""),
            ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443", "/x", nil),
            ("https://a_b-c.1.test/?\u{e9}\u{301}", "https://a_b-c.1.test", "/", "\u{e9}\u{301}"),
            ("https://h.test/x?\u{301}", "https://h.test", "/x", "\u{301}"),
        ] as [(String, String, String, String?)])
    func `a URL has an origin in one form, and path and query as written`(
        text: String, origin: String, path: String, query: String?
    ) throws {
        let url = try #require(AbsoluteURL(text))
        #expect(url.origin.description == origin)
        #expect(url.path == path)
        #expect(url.query == query)
        #expect(url.target == path + (query.map { "?\($0)" } ?? ""))
        #expect(url.description == origin + url.target)
        #expect(AbsoluteURL(url.description) == url)
    }

    @Test(arguments: [
        "", "https", "https:", "https:/h", "https://", "https:///x", "https://?x", "//h.test",
        "/x", "ftp://h.test", "ht\u{212A}ps://h.test", "https://u@h.test", "https://u:p@h.test",
        "https://h.test\\@e.test", "https://h.test\\x", "https://.h.test", "https://h.test.",
        "https://h%2etest", "https://\u{e9}.test", "https://\u{212A}.test", "https://h.test:",
        "https://h.test:0", "https://h.test:65536", "https://h.test:+1", "https://h.test:1:2",
        "https://h.test:000001", "https://h.test:x", "https://[::1", "https://[::g]", "https://[]",
        "https://[1.2.3.4]", "https://[::1]x", "https://[fe80::1%25eth0]", "https://[::1\u{0}x]",
        "https://a[b",
        "https://h]",
        "https://h.test/a b", "https://h.test/\"", "https://h.test/<", "https://h.test/#f",
        "https://h.test/?#f", "https://h.test/? ", "https://h.test/\u{e9}", "https://h.test/\n",
        "https://h.test/?\r\nX", "https://h.test/\u{0}", "https://h.test/\u{7F}", " https://h.test",
    ])
    func `SECURITY 27: what two readers could take for two things is none`(text: String) {
        #expect(AbsoluteURL(text) == nil)
    }

    @Test func `a target joins an origin without its being parsed again`() throws {
        let origin = try #require(AbsoluteURL("https://h.test:8443/base")?.origin)
        for target in ["", "/", "/a/%2F?x=y", "?x"] {
            let url = try #require(AbsoluteURL(origin: origin, target: target))
            #expect(url == AbsoluteURL("https://h.test:8443\(target)"))
        }
        for target in ["x", "@e.test", ":1", "/a b", "/#", "/?#", "/\r\n", "/\u{e9}"] {
            #expect(AbsoluteURL(origin: origin, target: target) == nil)
        }
    }
}
