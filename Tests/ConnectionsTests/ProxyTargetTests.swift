import Connections
import Encoding
import Integrations
import Primitives
import Testing

struct ProxyTargetTests {
    private static let base = "https://h.test/v3"

    private static func address(_ base: String = base) throws -> APIAddress {
        let definition = try IntegrationDefinition.read([
            "slug": "api", "authType": "apikey", "apiBaseUri": .string(base),
            "apiHosts": ["https://upload.test/up"],
        ]).definition
        return try APIAddress(definition, .none)
    }

    private func target(_ text: String, base: String = base) -> String? {
        (try? ProxyTarget(text, at: Self.address(base)))?.url.description
    }

    @Test(arguments: [
        ("/files", "https://h.test/v3/files"),
        ("/files?pageSize=10", "https://h.test/v3/files?pageSize=10"),
        ("files", "https://h.test/v3/files"),
        ("?q=1", "https://h.test/v3?q=1"),
        ("/", "https://h.test/v3/"),
        ("/a//b", "https://h.test/v3/a//b"),
        ("/projects/a%2Fb/files", "https://h.test/v3/projects/a%2Fb/files"),
        ("/v1/files:batch", "https://h.test/v3/v1/files:batch"),
        ("/a?next=../x&u=https://evil.test/&p=%2e%2e", nil),
        ("/...", "https://h.test/v3/..."),
        ("/a..b/.c", "https://h.test/v3/a..b/.c"),
        ("https://h.test/v3/files", "https://h.test/v3/files"),
        ("https://h.test/v3", "https://h.test/v3"),
        ("https://h.test/v3?x", "https://h.test/v3?x"),
        ("HTTPS://H.TEST/v3/files", "https://h.test/v3/files"),
        ("https://h.test:443/v3/files", "https://h.test/v3/files"),
        ("https://upload.test/up/x", "https://upload.test/up/x"),
    ])
    func `what lies under a base is called, with path and query as they are written`(
        text: String, url: String?
    ) {
        #expect(target(text) == url ?? Self.base + text)
    }

    @Test(arguments: ["https://h.test/v3", "https://h.test/v3/", "https://h.test"])
    func `without a path the base itself is called, as it is written`(base: String) throws {
        let address = try Self.address(base)
        func url(_ relative: String) throws -> String {
            try ProxyTarget(relative: relative, base: address.base).url.description
        }
        #expect(try url("") == base)
        #expect(try url("?a=b/c") == base + "?a=b/c")
    }

    @Test func `a base with a slash at its end is joined with one slash`() {
        #expect(target("/files", base: "https://h.test/v3/") == "https://h.test/v3/files")
        #expect(target("/files", base: "https://h.test") == "https://h.test/files")
        #expect(target("//files", base: "https://h.test") == nil)
    }

    @Test(arguments: [
        "", "//evil.test/x", "https:/evil.test/", "https:///evil.test/", "https:evil.test",
        "http://h.test/v3/files", "https://evil.test/v3/files", "https://h.test:8443/v3/files",
        "https://h.test/v3x", "https://h.test/v3x/files", "https://h.test/", "https://h.test",
        "https://h.test/V3/files", "https://h.test/%76%33/files", "https://h.test/v3%2Ffiles",
        "https://user@h.test/v3/files", "https://h.test@evil.test/v3/files",
        "https://user:pw@h.test/v3/files", #"https://evil.test\@h.test/v3/files"#,
        #"https://h.test\@evil.test/v3/files"#, "https://h.test./v3/files",
        "https://h.test#@evil.test/v3/files", "https://evil.test#@h.test/v3/files",
        "https://h.test/v3/#@evil.test", "https://h.test?@evil.test/v3/files",
        "https://h.test:443@evil.test/v3", "https://h.test:/v3/files", "https://h.test:0/v3/files",
        "https://h.test:99999/v3/files", "https://h.test.evil.test/v3/files",
        "https://xn--h-0ga.test/v3/files", "https://ħ.test/v3/files", "https://h。test/v3/files",
        "https://\u{FF28}.test/v3/files", "ht\ttps://h.test/v3/files", " https://h.test/v3/files",
        "https://h.test/v3/files ", "https://h.test/v3/a b", "https://h.test/v3/\u{0}",
        "https://h.test/v3/\t", "https://h.test /v3/files", "https://h.test\t/v3/files",
        "https://h.test\u{0}.evil.test/v3/files", "https://h.te\r\nst/v3", "/files\r\nX: y",
        "/files\n", "/files\u{0}", "/files\t", "/a b", "/a#b", "/?a#b", "/?a b", "/?a\r\nb",
        "file:///etc/passwd", "gopher://h.test/v3", "javascript:alert(1)",
        "https://h.test/v3/../admin", "https://h.test/v3/%2e%2e/admin",
        #"\\evil.test\x"#, #"/\evil.test"#,
    ])
    func `SECURITY 27: what does not lie under a base is refused`(text: String) {
        #expect(target(text) == nil)
    }

    @Test func `SECURITY 27: a letter that only looks like the base's is refused`() {
        // U+212A, the Kelvin sign, is 'k' in small letters.
        #expect(target("https://\u{212A}.test/files", base: "https://k.test") == nil)
    }

    @Test(arguments: [
        "/.", "/..", "/./files", "/../admin", "/a/../../admin", "/a/..", "/%2e%2e/admin",
        "/%2E%2e/admin", "/.%2e/admin", "/%2e/files", "/%252e%252e/admin", "/%25252e%25252e/x",
        "/..%2fadmin", "/%2e%2e%2fadmin", "/a%2f..%2fb", "/a%252f%252e%252e%252fb", "/..;/admin",
        "/..;x=y/admin", "/%2e%2e;/admin", "/..%3b/admin", "/.;/x", #"/a\b"#, "/a%5cb",
        "/a%5Cb", "/a%255cb", "/..%5cadmin", "/a%00b", "/a%0d%0ab", "/a%0ab", "/a%09b", "/a%7fb",
        "/a%2500b", "/a%1fb",
        // Overlong UTF-8, of two to six bytes, and what careless decoders made of the second byte.
        "/%c0%ae%c0%ae/admin", "/%C0%AE", "/a%c0%afb", "/..%c0%afadmin", "/a%c1%9cb",
        "/%e0%80%ae%e0%80%ae/admin", "/%f0%80%80%ae/x", "/%f8%80%80%80%ae/x",
        "/%fc%80%80%80%80%ae/x", "/%25c0%25ae/x", "/%2525c0%2525ae/x", "/..%c0%2fadmin",
        "/..%c1%1cadmin", "/..%c1%pcadmin", "/..%c0%qfadmin", "/..%c1%8sadmin", "/a%c0%80b",
        // IIS, and characters that are taken for those of ASCII.
        "/%u002e%u002e/admin", "/%u002E", "/%U002e/x", "/..%u002fadmin", "/a%u005cb", "/a%u0000b",
        "/%uff0e%uff0e/admin", "/..%uff0fadmin", "/a%uff3cb", "/..%u2215admin", "/%u2025/x",
        "/%25u002e%25u002e/admin", "/%2525u002e/x", "/%uff05%uff12%uff45/x",
        "/%ef%bc%8e%ef%bc%8e/admin", "/..%ef%bc%8fadmin", "/a%ef%bc%bcb", "/%e2%80%a4/x",
        "/%e2%80%a5/x", "/..%e2%88%95admin", "/..%e2%81%84x", "/..%c2%a5admin",
        "/%25ef%25bc%258e/x",
        "/%ef%bc%852e/x",
        // What ends a segment for some, and what is left out by some.
        "/..%3fx", "/..%3Fx/y", "/a/..%23x", "/..%3bx", "/..%253fx", "/..%2523x", "/..%25253bx",
        "/.%3fx", "/.;./x", "/..%ef%bc%9bx", "/.%00./x", "/.%2500./x", "/..%00/x", "/..%20/x",
        "/%20../x", "/.%20", "/..%c2%a0/x", "/.%ff./x", "/.%80", "/.%c2%ad./x", "/.%e2%80%8d./x",
        "/..%0a", "/..%25%32%66", "/%%32%65%%32%65/x",
    ])
    func `SECURITY 28: a path that leaves the base in any decoding is refused`(path: String) {
        #expect(target(path) == nil)
        #expect(target(Self.base + path) == nil)
        #expect(throws: InputError.self) {
            try ProxyTarget(relative: path, base: Self.address().base)
        }
    }

    @Test(arguments: [
        "/a%zz", "/a%", "/a%2", "/100%25", "/a%2525", "/%C3%A9", "/a%20b", "/a%3Fb", "/a%23b",
        "/a%3Bb", "/%E9t%E9", "/%C0%20propos", "/%E0%20la%20carte", "/%E2%80%A6", "/a%E2%80%A6.txt",
        "/%e6%97%a5%e6%9c%ac%e3%80%82", "/100%c2%a5", "/%F0%9F%98%80", "/a.%3fb", "/...%3fb",
        "/%u00e9", "/%u12", "/%uzzzz", "/a..%20b", "/%ef%bc%a1%ef%bc%8e%ef%bc%a2", "/a%ef%bc%8fb",
    ])
    func `SECURITY 28: other escapes pass as they are written`(path: String) {
        #expect(target(path) == Self.base + path)
    }

    @Test(arguments: ["?a=%c0%ae&b=..%3f", "?%u002e/../%2e%2e\\", "?%ef%bc%8e%00%0a%e9\u{E9}"])
    func `SECURITY 28: the query passes byte for byte`(query: String) {
        #expect(target("/files" + query) == Self.base + "/files" + query)
    }

    @Test(.timeLimit(.minutes(1)))
    func `SECURITY 28: a path that is encoded over and over is refused at once`() {
        #expect(target("/%" + String(repeating: "25", count: 200_000)) == nil)
    }

    @Test func `parameters go behind the query that is there`() throws {
        var target = try ProxyTarget("/files?a=1", at: Self.address())
        target.append(Form([Form.Field("q", "x y&z"), Form.Field("plus", "+")]))
        #expect(target.url.description == Self.base + "/files?a=1&q=x%20y%26z&plus=%2B")
    }
}
