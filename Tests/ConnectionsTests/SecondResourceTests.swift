import HTTPTypes
import Integrations
import Primitives
import Proxying
import TestSupport
import Testing

/// The second resource of WebDAV's calls, held against the bases like the first.
struct SecondResourceTests {
    private let house: TestKeeper
    private let integration: Integration

    init() throws {
        house = try TestKeeper()
        integration = try house.addDrive([("apiHosts", ["https://files.test/dav"])])
        try house.addNews()
        try house.connect()
    }

    /// What arrives of a field of a MOVE.
    private func sent(_ name: String, _ value: String) throws -> String? {
        let name = try #require(HTTPField.Name(name))
        _ = try house.keeper.relay(
            ProxyCall(
                method: try #require(HTTPRequest.Method("MOVE")), target: .path("/a"),
                headers: .incoming([name: value])),
            through: "drive", by: TestKeeper.user("alice"))
        return try #require(house.network.sent(to: "https://api.test").last).headers[name]
    }

    private static let relay = "/api/integrations/drive/request"

    @Test(arguments: [
        ("/b", "https://api.test/v3/b"), ("/b%20c?x=1", "https://api.test/v3/b%20c?x=1"),
        ("/v3/b", "https://api.test/v3/b"), ("/v3x/b", "https://api.test/v3/v3x/b"),
        ("https://api.test/v3/b", "https://api.test/v3/b"),
        ("https://files.test/dav/b", "https://files.test/dav/b"),
        ("https://app.test\(relay)/b", "https://api.test/v3/b"),
        ("https://APP.test:443\(relay)/b", "https://api.test/v3/b"),
        ("\(relay)/b/c", "https://api.test/v3/b/c"), (relay, "https://api.test/v3"),
    ])
    func `a destination is the API's, however it is written`(text: String, url: String) throws {
        #expect(try sent("Destination", text) == url)
    }

    @Test func `the integration's id stands for it as well as its slug`() throws {
        let path = "/api/integrations/\(integration.id)/request/b"
        #expect(try sent("Destination", path) == "https://api.test/v3/b")
    }

    @Test(arguments: [
        "https://evil.test/b", "https://api.test/v4/b", "http://api.test/v3/b", "//evil.test/b",
        "https://app.test/b", "https://app.test/api/integrations/news/request/b",
        "https://user@api.test/v3/b", "/../b", "/b%2f..%2f..%2fc", "https://app.test\(relay)/../b",
        "https://app.test\(relay)x/b", "", "javascript:x", "https://api.test/v3/b#c",
    ])
    func `any other destination is refused, and nothing is sent`(text: String) throws {
        do {
            _ = try sent("Destination", text)
            Issue.record("it was sent")
        } catch InputError.invalid(let code, let detail) {
            #expect(code == .forbiddenURL)
            #expect(detail.hasPrefix("'Destination' must be"))
        }
        #expect(house.network.sent(to: "https://api.test").isEmpty)
    }

    @Test(arguments: [
        ("(<urn:uuid:1>)", "(<urn:uuid:1>)"),
        ("<\(relay)/a> (<urn:uuid:1> [\"e\"])", "<https://api.test/v3/a> (<urn:uuid:1> [\"e\"])"),
        (
            "<https://app.test\(relay)/a> (Not <DAV:no-lock>) <https://x.test/> (<u:2>)",
            "<https://api.test/v3/a> (Not <DAV:no-lock>) <https://x.test/> (<u:2>)"
        ),
        ("<\(relay)/a", "<\(relay)/a"), ("", ""), ("<>(", "<>("),
    ])
    func `a condition's tags name the API's resources`(text: String, expected: String) throws {
        #expect(try sent("If", text) == expected)
    }

    @Test func `the JSON form's fields are held against the bases, too`() throws {
        try house.call(headers: [("destination", "\(Self.relay)/b")])
        let sent = try #require(house.network.sent(to: "https://api.test").last)
        #expect(sent.headers[.init("Destination")!] == "https://api.test/v3/b")
        #expect(throws: InputError.self) {
            try house.call(headers: [("Destination", "https://evil.test/")])
        }
    }
}
