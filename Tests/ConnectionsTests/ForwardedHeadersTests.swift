import Connections
import HTTPTypes
import TestSupport
import Testing

/// SECURITY.md 32: what of a caller's header reaches an upstream.
struct ForwardedHeadersTests {
    private let house: Household

    init() throws {
        house = try Household()
        try house.addDrive([("forwardHeaders", ["X-Listed"])])
        try house.connect()
    }

    /// What arrives of that field, sent in the path form.
    private func arrives(_ name: String) throws -> String? {
        let name = try #require(HTTPField.Name(name))
        _ = try house.keeper.proxyRequest(
            ProxyCall(method: .get, target: .path("/x"), headers: .incoming([name: "mine"])),
            through: "drive", by: Household.user("alice"))
        return try #require(house.network.sent(to: "https://api.test").last).headers[name]
    }

    @Test(arguments: [
        "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "Accept-Datetime",
        "Content-Type", "Content-Encoding", "Range", "If-Match", "If-None-Match", "If-Range",
        "If-Modified-Since", "Idempotency-Key", "X-Listed", "x-listed",
    ])
    func `the path form forwards what is on its list`(name: String) throws {
        #expect(try arrives(name) == "mine")
    }

    @Test(arguments: [
        "Cookie", "Origin", "Referer", "On-Behalf-Of", "Host", "Forwarded", "X-Forwarded-For",
        "X-Auth-Request-Access-Token", "Cf-Access-Jwt-Assertion", "X-Unlisted", "User-Agent",
        "Proxy-Authorization", "TE", "Expect", "Content-Length", "Transfer-Encoding", "Via",
        "Sec-Fetch-Site", "Grantkeeper-User", "Acceptable", "X_Listed",
    ])
    func `and nothing else`(name: String) throws {
        #expect(try arrives(name) == nil)
    }

    @Test func `the caller's authorization is not the connection's`() throws {
        #expect(try arrives("Authorization") == "Bearer access-1")
    }

    @Test(arguments: [
        "Authorization", "COOKIE", "Origin", "Referer", "On-Behalf-Of", "Host", "Proxy-Connection",
        "Forwarded", "X-Forwarded-Proto", "X_Forwarded_For", "Transfer_Encoding", "Connection",
        "Keep-Alive", "TE", "Trailer", "Upgrade", "Content-Length", "Expect", "Sec-Fetch-Mode",
        "", "a b", "a:b", "a\nb", "ü",
    ])
    func `the JSON form's forbidden names are refused, and nothing is sent`(name: String) throws {
        #expect(throws: ConnectionsError.self) { try house.call(headers: [(name, "x")]) }
        #expect(house.network.sent(to: "https://api.test").isEmpty)
    }

    @Test(arguments: ["a\r\nX: y", "a\nb", "a\rb", "a\u{0}b"])
    func `a value is one line`(value: String) throws {
        #expect(throws: ConnectionsError.self) { try house.call(headers: [("X-Mine", value)]) }
        #expect(house.network.sent(to: "https://api.test").isEmpty)
    }
}
