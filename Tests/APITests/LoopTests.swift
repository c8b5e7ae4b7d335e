import HTTPTypes
import TestSupport
import Testing

/// Calls that lead back to the service.
struct LoopTests {
    private let front: Front
    private let key: Front.Fields
    private static let foreign = "grantkeeper-00112233445566778899aabbccddeeff"

    init() throws {
        front = try Front()
        key = try front.key()
        try front.house.addDrive()
        try front.house.connect()
    }

    /// What a call says of where it has been, sent on by a request with that field.
    private func said(after field: String?) throws -> String? {
        let fields = field.map { [("CDN-Loop", $0)] } ?? []
        let answer = try front.ask(.get, "/api/integrations/drive/request/x", key + fields)
        #expect(answer.status == 200)
        return try front.house.network.sent(to: "https://api.test").last?.headers[
            #require(HTTPField.Name("CDN-Loop"))]
    }

    @Test func `a request that was sent by the service itself is refused, whatever it is`() throws {
        let mark = try #require(try said(after: nil))
        let sent = front.house.network.sent().count
        for field in [
            mark, "cloudflare, \(mark); loops=1", "\(Self.foreign),\(mark)", "x\t,\t\(mark)",
        ] {
            for path in ["/api/integrations/drive/request/x", "/grantkeeper/session", "/none"] {
                let answer = try front.ask(.get, path, key + [("CDN-Loop", field)])
                #expect(answer.status == 508)
                #expect(answer.code == "loop_detected")
            }
            let posted = try front.ask(
                .post, "/api/integrations/drive/request", key + [("CDN-Loop", field)],
                json: #"{"url": "/x"}"#)
            #expect(posted.code == "loop_detected")
        }
        #expect(front.house.network.sent().count == sent)
    }

    @Test func `a mark is an opaque name, the same in every request`() throws {
        let mark = try #require(try said(after: nil))
        #expect(mark.wholeMatch(of: /grantkeeper-[0-9a-f]{32}/) != nil)
        #expect(try said(after: nil) == mark)
        let other = try Front()
        try other.house.addDrive()
        try other.house.connect()
        let token = other.house.network.sent(to: "https://provider.test").last
        let others = token?.headers[try #require(HTTPField.Name("CDN-Loop"))]
        #expect(others != nil && others != mark)
    }

    @Test func `marks of services like this one are passed on, and nothing else is`() throws {
        let mark = try #require(try said(after: nil))
        #expect(try said(after: Self.foreign) == "\(Self.foreign), \(mark)")
        #expect(
            try said(after: "cloudflare; loops=1, \(Self.foreign)") == "\(Self.foreign), \(mark)")
        for field in ["", "cloudflare", "grantkeeper-", Self.foreign + "0", "grantkeeper-\u{E9}"] {
            #expect(try said(after: field) == mark)
        }
    }

    @Test func `a call that has come through very many services goes no further`() throws {
        let marks = (10...18).map { "grantkeeper-\(String(repeating: "\($0)", count: 16))" }
        #expect(try said(after: marks.dropLast().joined(separator: ", ")) != nil)
        let answer = try front.ask(
            .get, "/api/integrations/drive/request/x",
            key + [("CDN-Loop", marks.joined(separator: ", "))])
        #expect(answer.code == "loop_detected")
    }

    @Test func `processes with the same keys know each other's mark`() throws {
        let mark = try #require(try said(after: nil))
        let neighbour = try front.house.neighbour()
        let field = try #require(HTTPField.Name("CDN-Loop"))
        #expect(neighbour.loopMark.isIn([field: mark]))
    }
}
