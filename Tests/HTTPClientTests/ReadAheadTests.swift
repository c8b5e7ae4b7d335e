import Glibc
import HTTPClient
import HTTPTypes
import RawUpstreamServer
import Testing

/// What is found out about an answer's body before anything of it is passed on.
struct ReadAheadTests {
    private let upstream: Upstream

    init() throws {
        upstream = try Upstream()
    }

    private func target(_ bytes: String, later: String = "", milliseconds: Int = 20) -> String {
        func hex(_ text: String) -> String {
            text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        return
            "/say?hex=\(hex("HTTP/1.1 200 OK\r\n" + bytes))&later=\(hex(later))&ms=\(milliseconds)"
    }

    /// The answer's body, read ahead and then passed on.
    private func body(_ target: String, waits: Bool = true) throws -> String {
        let exchange = try upstream.send(.get, target)
        try exchange.readAhead(waits: waits)
        return String(decoding: try exchange.collect(upTo: 1 << 20), as: UTF8.self)
    }

    private func expectBroken(_ target: String, waits: Bool = true) throws {
        let exchange = try upstream.send(.get, target)
        let error = #expect(throws: HTTPClientError.self) { try exchange.readAhead(waits: waits) }
        guard case .broken(.body, _) = error else {
            Issue.record("\(target): \(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        ("Content-Length: 50\r\n\r\nshort", ""), ("Content-Length: 50\r\n\r\n", ""),
        ("Content-Length: 50\r\n\r\nshort", " and no more"),
        ("Content-Length: 1000000\r\n\r\n", ""),
        ("Transfer-Encoding: chunked\r\n\r\n", ""),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhel", ""),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", ""),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", ""),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnone", "sense\r\n"),
        ("Transfer-Encoding: chunked\r\n\r\n", "5\r\nhelloo"),
    ])
    func `a body that breaks off at once is told before any of it`(
        bytes: String, later: String
    ) throws {
        try expectBroken(target(bytes, later: later))
    }

    @Test func `what breaks off with the head is told without waiting`() throws {
        try expectBroken(
            target("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n"), waits: false)
    }

    @Test(arguments: [
        "/chunked", "/until-close", "/bytes?size=1000", "/bytes?size=16384", "/bytes?size=300000",
        "/bytes?size=0", "/drip?count=30&ms=5", "/count?path=/none",
    ])
    func `what was read ahead is passed on, whole and once`(path: String) throws {
        for waits in [true, false] {
            #expect(try body(path, waits: waits) == upstream.text(.get, path))
        }
    }

    @Test func `chunks of a byte each are not too much for the buffer`() throws {
        let chunks = String(repeating: "1\r\nx\r\n", count: 11_500)
        let head = "Transfer-Encoding: chunked\r\n\r\n"
        #expect(try body(target(head, later: chunks + "0\r\n\r\n")).utf8.count == 11_500)
    }

    @Test func `a kept connection is kept`() throws {
        for _ in 0..<2 { #expect(try body("/connection") == "1") }
    }

    @Test func `a body that does not come is not waited for long`() throws {
        let exchange = try upstream.send(
            .get, target("Content-Length: 5\r\n\r\n", later: "hello", milliseconds: 1_500))
        let time = try ContinuousClock().measure { try exchange.readAhead(waits: true) }
        #expect(time < .milliseconds(1_400))
        #expect(try exchange.collect(upTo: 5) == Array("hello".utf8))
    }

    @Test func `a caller who goes away is noticed`() throws {
        var pair: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { close(pair[0]) }
        let exchange = try upstream.send(
            .get, target("Content-Length: 5\r\n\r\n", later: "hello", milliseconds: 5_000),
            watchedDescriptor: pair[0])
        close(pair[1])
        #expect(throws: HTTPClientError.abandoned) { try exchange.readAhead(waits: true) }
    }
}
