import Encoding
import HTTPTypes
import Headers
import Primitives
import Proxying
import TestSupport
import Testing

/// What the path form says of fields that it does not forward, and how a caller has one forwarded.
struct DroppedHeadersTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive([
            ("headers", ["X-Tenant": "acme", "X-Version": "1"]),
            ("forwardHeaders", ["X-Version"]),
        ])
        try house.connect()
    }

    /// Makes a call with these fields.
    ///
    /// - Returns: What arrived, and what is said to have been left out.
    @discardableResult
    private func call(
        _ fields: [(String, String)]
    ) throws -> (arrived: HeaderFields, dropped: String?) {
        var headers = HeaderFields()
        for (name, value) in fields {
            headers.append(HeaderField(name: try #require(HTTPField.Name(name)), value: value))
        }
        let answer = try house.keeper.relay(
            ProxyCall(method: .get, target: .path("/x"), headers: .incoming(headers)),
            through: "drive", by: TestKeeper.user("alice"))
        let sent = try #require(house.network.sent(to: "https://api.test").last)
        return (sent.headers, answer.droppedHeaders)
    }

    private func value(_ name: String, _ headers: HeaderFields) throws -> String? {
        headers[try #require(HTTPField.Name(name))]
    }

    @Test func `what a caller may have meant for the API and is not sent is told by name`() throws {
        let dropped = try call([
            ("X-Unlisted", "a"), ("Accept", "text/plain"), ("X-HTTP-Method-Override", "PATCH"),
            ("X-Unlisted", "b"), ("traceparent", "00-1"), ("X-Tenant", "mine"),
        ]).dropped
        #expect(dropped == "x-unlisted, x-http-method-override, traceparent, x-tenant")
    }

    @Test func `what browsers and proxies send of their own accord is not told`() throws {
        let fields = [
            "Cookie", "Host", "Origin", "Referer", "User-Agent", "Authorization", "Sec-Fetch-Site",
            "DNT", "Priority", "Upgrade-Insecure-Requests", "Via", "X-Forwarded-For", "X-Real-IP",
            "CF-Connecting-IP", "X-Auth-Request-Access-Token", "Save-Data", "Pragma",
        ].map { ($0, "x") }
        #expect(try call(fields + [("Connection", "keep-alive")]).dropped == nil)
    }

    @Test func `a list of very many names ends in time`() throws {
        let dropped = try call((0..<400).map { ("X-Unlisted-\($0)", "x") }).dropped
        #expect(try #require(dropped).utf8.count < 1100)
        #expect(dropped?.hasSuffix(", ...") == true)
    }

    @Test func `what Connection names is for the next hop only`() throws {
        let (arrived, dropped) = try call([
            ("Connection", "close, Prefer"), ("Prefer", "return=minimal"), ("Accept", "a/b"),
        ])
        #expect(try value("Prefer", arrived) == nil)
        #expect(try value("Accept", arrived) == "a/b")
        #expect(dropped == "prefer")
    }

    @Test func `a caller has a field forwarded by writing it behind our name`() throws {
        let (arrived, dropped) = try call([
            ("Grantkeeper-Forward-X-Mine", "1"), ("Grantkeeper-Forward-X-Mine", "2"),
            ("Grantkeeper-Forward-User-Agent", "agent"), ("Content-Type", "a/b"),
            ("Grantkeeper-Forward-Content-Type", "c/d"), ("Grantkeeper-Unknown", "x"),
        ])
        #expect(try value("X-Mine", arrived) == "1, 2")
        #expect(arrived[.userAgent] == "agent")
        #expect(arrived[.contentType] == "c/d")
        #expect(!arrived.contains { $0.name.canonicalName.hasPrefix("grantkeeper-") })
        #expect(dropped == "grantkeeper-unknown")
    }

    @Test(arguments: [
        "Authorization", "Cookie", "Host", "Connection", "Content-Length", "Transfer-Encoding",
        "X-Forwarded-For", "x.forwarded.for", "X-HTTP-Method-Override", "Origin", "On-Behalf-Of",
        "X-Tenant", "x.tenant", "CDN-Loop", "",
    ])
    func `but not one that is forbidden, or the integration's (SECURITY 32)`(name: String) throws {
        do {
            try call([("Grantkeeper-Forward-" + name, "x")])
            Issue.record("it was sent")
        } catch InputError.invalid(let code, let detail) {
            #expect(code.rawValue == (name.isEmpty ? "invalid_header" : "forbidden_header"))
            #expect(detail.contains(name.isEmpty ? "must follow" : "'\(name.lowercased())'"))
        }
        #expect(house.network.sent(to: "https://api.test").isEmpty)
    }

    @Test func `a fixed field that callers may forward is what it is unless they say otherwise`()
        throws
    {
        #expect(try value("X-Version", call([]).arrived) == "1")
        let (arrived, dropped) = try call([("X-Version", "2")])
        #expect(try value("X-Version", arrived) == "2")
        #expect(dropped == nil)
        #expect(
            try value("X-Version", call([("Grantkeeper-Forward-X-Version", "3")]).arrived) == "3")
    }

    @Test func `the JSON form tells of a field in whose place the integration's was sent`() throws {
        func dropped(_ name: String) throws -> String? {
            try house.keeper.relay(
                ProxyCall(
                    method: .get, target: .path("/x"), headers: .written([(name, "mine")])),
                through: "drive", by: TestKeeper.user("alice")
            ).droppedHeaders
        }
        #expect(try dropped("X-Tenant") == "x-tenant")
        #expect(try dropped("X-Version") == nil)
        #expect(try dropped("X-Other") == nil)
    }
}
