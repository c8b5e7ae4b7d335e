import Glibc
import HTTPClient
import HTTPTypes
import RawUpstreamServer
import Synchronization
import Testing

/// SECURITY 47 and RFC 9112 §9.2: bytes behind an answer that nobody asked for never become the
/// answer to another request.
struct UnaskedBytesTests {
    private static let ghost = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nghost"

    private static let shapes: [(HTTPRequest.Method, String)] = [
        (.head, "HTTP/1.1 200 OK\r\nContent-Length: \(ghost.utf8.count)\r\n\r\n"),
        (.get, "HTTP/1.1 204 No Content\r\n\r\n"),
        (.get, "HTTP/1.1 204 No Content\r\nContent-Length: \(ghost.utf8.count)\r\n\r\n"),
        (.delete, "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (.get, "HTTP/1.1 304 Not Modified\r\nContent-Length: \(ghost.utf8.count)\r\n\r\n"),
        (.get, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        (.get, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        (.post, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        (.get, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"),
    ]

    @Test(arguments: shapes)
    func `bytes that come together with the answer end the connection`(
        method: HTTPRequest.Method, answer: String
    ) throws {
        for ghost in [Self.ghost, "x", "\r\n", String(Self.ghost.prefix(20))] {
            let upstream = try Upstream()
            _ = try upstream.text(method, "/say?keep&hex=\(hexadecimal(answer + ghost))")
            #expect(try upstream.text(.get, "/connection") == "2")
        }
    }

    @Test(arguments: shapes)
    func `bytes that come behind the answer later end the connection, too`(
        method: HTTPRequest.Method, answer: String
    ) throws {
        for ghost in [Self.ghost, "x", "\r\n", String(Self.ghost.prefix(20))] {
            let upstream = try Upstream()
            let path = "/say?keep&hex=\(hexadecimal(answer))&later=\(hexadecimal(ghost))"
            _ = try upstream.text(method, path)
            while upstream.server.count("said") == 0 { sched_yield() }
            #expect(try upstream.text(.get, "/connection") == "2")
        }
    }

    @Test(arguments: shapes)
    func `bytes of which a part comes later end the connection, too`(
        method: HTTPRequest.Method, answer: String
    ) throws {
        let upstream = try Upstream()
        let now = answer + Self.ghost.prefix(30)
        let path =
            "/say?keep&hex=\(hexadecimal(now))&later=\(hexadecimal(String(Self.ghost.dropFirst(30))))"
        _ = try upstream.text(method, path)
        #expect(try upstream.text(.get, "/connection") == "2")
    }

    @Test func `without such bytes the connection carries the next request`() throws {
        for (method, answer) in Self.shapes
        where !answer.contains("204 No Content\r\nC")
            && !answer.contains("204 No Content\r\nT")
        {
            let upstream = try Upstream()
            _ = try upstream.text(method, "/say?keep&hex=\(hexadecimal(answer))")
            #expect(try upstream.text(.get, "/connection") == "1")
        }
    }

    @Test(arguments: [("1", "2"), ("0", "2"), ("x", "1"), ("60, max=5", "1")])
    func `a connection that the server is about to close is not used`(
        timeout: String, expected: String
    ) throws {
        let upstream = try Upstream()
        let answer =
            "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=\(timeout)\r\nContent-Length: 2\r\n\r\nok"
        _ = try upstream.text(.get, "/say?keep&hex=\(hexadecimal(answer))")
        #expect(try upstream.text(.get, "/connection") == expected)
    }

    @Test func `a connection never carries requests with different credentials`() throws {
        let upstream = try Upstream()
        func number(_ credential: String) throws -> String {
            try upstream.text(.get, "/connection", connection: .kept(credential: credential))
        }
        #expect(try ["a", "b", "a", "b", "c", "a"].map(number) == ["1", "2", "1", "2", "3", "1"])
    }

    @Test(arguments: ["/token", "/token-and-more"])
    func `32 callers of 8 users get answers to their own tokens`(path: String) throws {
        let upstream = try Upstream()
        let counts = Mutex((own: 0, failed: 0, foreign: 0))
        let next = Mutex(0)
        Threads.run(32) {
            let user = next.withLock { number in
                number += 1
                return "user-\(number % 8)"
            }
            for _ in 0..<50 {
                let answer = try? upstream.text(
                    .get, path, headers: [.authorization: user],
                    connection: .kept(credential: user))
                counts.withLock { counts in
                    switch answer {
                    case user: counts.own += 1
                    case nil: counts.failed += 1
                    default: counts.foreign += 1
                    }
                }
            }
        }
        let result = counts.withLock { $0 }
        #expect(result.foreign == 0)
        #expect(result.own > 1_000)
        if path == "/token" { #expect(result.failed == 0) }
    }
}

/// Text as the raw upstream takes it in a query.
func hexadecimal(_ text: String) -> String {
    text.utf8.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
