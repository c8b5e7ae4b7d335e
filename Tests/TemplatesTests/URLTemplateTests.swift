import Addressing
import HTTPClient
import Logging
import Templates
import Testing

/// URLs that values are put into (SECURITY 27).
struct URLTemplateTests {
    private func filled(_ text: String, _ values: [String: String]) throws -> String {
        try #require(URLTemplate(text, mayHaveQuery: true)).filled { values[$0] }
    }

    @Test(arguments: [
        ("https://{a}.test/x", "shop", "https://shop.test/x"),
        ("https://{a}.test", "a.b", "https://a.b.test"),
        ("https://x.test/{a}/y", "v1.0~_-", "https://x.test/v1.0~_-/y"),
        ("https://x.test/y?z={a}", "1", "https://x.test/y?z=1"),
        ("{a}/x", "https://x.test", "https://x.test/x"),
        ("{a}/x", "https://x.test/", "https://x.test/x"),
        ("{a}/x", "https://x.test:8443", "https://x.test:8443/x"),
    ])
    func `a value takes its place`(text: String, value: String, url: String) throws {
        #expect(try filled(text, ["a": value]) == url)
    }

    @Test(
        arguments: [
            (
                "https://{a}.test/x",
                ["", "a/b", "a:1", "a@b", "a?b", "a#b", ".a", "a..b", "a%2eb", "ä"]
            ),
            (
                "https://x.test/{a}/y",
                ["", ".", "..", "a/b", "a%2fb", "a?b", "a#b", "a\\b", "ä", "a b"]
            ),
            ("https://x.test/y?z={a}", ["", "a&b", "a#b", "a=b", "..", "a/b"]),
            (
                "{a}/x",
                [
                    "x.test", "https://x.test/y", "https://x.test?y", "https://u@x.test",
                    "file:///x", "https://x.test#", "//x.test", "https://",
                ]
            ),
        ] as [(String, [String])])
    func `and nothing else of the URL`(text: String, values: [String]) {
        for value in values {
            #expect(throws: URLTemplate.UnfitValue.self, "\(value)") {
                try filled(text, ["a": value])
            }
        }
    }

    @Test func `a value that is missing is no empty one`() {
        #expect(throws: URLTemplate.UnfitValue.self) { try filled("https://{a}.test", [:]) }
    }

    @Test(arguments: [
        "x.test", "https://x.test:{a}/", "http{a}://x.test", "https://{a}@x.test",
        "ftp://{a}.test", "https://x.test/#{a}", "x{a}/y", "",
    ])
    func `what could never be a URL is no template`(text: String) {
        #expect(URLTemplate(text, mayHaveQuery: true) == nil)
    }

    @Test func `a query is for those that may have one`() {
        #expect(URLTemplate("https://x.test/?{a}") == nil)
        #expect(URLTemplate("https://x.test/?{a}", mayHaveQuery: true) != nil)
    }

    @Test func `SECURITY 30: a value that is an http URL is sent nothing`() throws {
        let url = try #require(AbsoluteURL(filled("{a}/x", ["a": "http://127.0.0.1:9"])))
        let network = CurlTransport(
            configuration: CurlTransportConfiguration(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(throws: HTTPClientError.self) {
            try network.send(OutgoingRequest(method: .get, to: url))
        }
    }
}
