import Addressing
import Testing

struct OriginTests {
    private func origin(_ text: String) throws -> Origin {
        try #require(AbsoluteURL(text)).origin
    }

    @Test func `origins that are written differently are one`() throws {
        #expect(try origin("HTTP://H.test:80/x") == origin("http://h.test"))
        #expect(try origin("https://h.test") != origin("http://h.test"))
        #expect(try origin("https://h.test") != origin("https://h.test:80"))
        #expect(try origin("https://h.test").port == 443)
        #expect(try origin("http://h.test").port == 80)
    }

    @Test(arguments: [
        ("https://H.test:443", "h.test"), ("http://h.test:443", "h.test:443"),
        ("http://[::1]:8080", "[::1]:8080"),
    ])
    func `the field Host leaves out the scheme's own port`(text: String, host: String) throws {
        #expect(try origin(text).authority.elementsEqual(host.utf8))
    }

    @Test(arguments: [
        ("http://localhost:8080", true), ("http://a.localhost", true), ("http://127.9.9.9", true),
        ("http://[::1]", true), ("http://[::ffff:127.0.0.1]", true),
        ("http://127.0.0.1.test", false),
        ("http://localhost.test", false), ("http://10.0.0.1", false), ("http://[::2]", false),
    ])
    func `this machine is told from others`(text: String, isLoopback: Bool) throws {
        #expect(try origin(text).isLoopback == isLoopback)
    }
}
