import HTTPClient
import HTTPTypes
import Testing

/// SECURITY 47: an answer that contradicts itself is refused, and one that is merely odd is read as
/// RFC 9112 has it.
struct MalformedAnswerTests {
    /// What comes of an answer, and of a good one to the next request on the same transport.
    private func outcome(
        _ answer: String, _ method: HTTPRequest.Method = .get, later: String = ""
    ) throws -> String {
        let upstream = try Upstream()
        let path = "/say?hex=\(hexadecimal(answer))&later=\(hexadecimal(later))&ms=5"
        defer {
            // The server closes the first connection, at a moment of its own.
            let next = try? upstream.text(.get, "/bytes?size=3", connection: .fresh)
            #expect(next?.utf8.count == 3)
        }
        do {
            let exchange = try upstream.send(method, path)
            var body = ""
            do {
                try exchange.drain(
                    to: { body += String(decoding: $0, as: UTF8.self) }, beforeWaiting: {})
                return "\(exchange.head.status.code) \(body)"
            } catch HTTPClientError.broken(.body, _) {
                return "\(exchange.head.status.code) \(body), broken"
            }
        } catch HTTPClientError.malformedResponse {
            return "malformed"
        } catch HTTPClientError.broken(.sent, _) {
            return "broken"
        } catch HTTPClientError.headerTooLarge {
            return "too large"
        }
    }

    @Test(arguments: [
        "Content-Length: five", "Content-Length: -5", "Content-Length: +5", "Content-Length: 5x",
        "Content-Length: 0x5", "Content-Length:", "Content-Length: 5 5", "Content-Length: 5, 6",
        "Content-Length: 5,", "Content-Length: ,5", "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 99999999999999999999", "Content-Length: 9223372036854775808",
        "Content-Length: 5\r\n 5", "content-length: 5\r\nCONTENT-LENGTH: 55",
        "Content-Length: 5.0", "Content-Length: \"5\"", "Content-Length : six",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: chunke", "Transfer-Encoding:",
        "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: chunked\r\n , gzip",
    ])
    func `a body whose end is said twice, or not in a readable way, is refused`(
        fields: String
    ) throws {
        for method in [HTTPRequest.Method.get, .head] {
            let answer = "HTTP/1.1 200 OK\r\n\(fields)\r\n\r\nhello"
            #expect(try outcome(answer, method) == "malformed")
        }
    }

    @Test(arguments: [
        "Content-Length: 5, 5", "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 05",
        "Content-Length:5", "Content-Length: 5 ", "Content-Length : 5", "CONTENT-LENGTH: 5",
        "Transfer-Encoding: identity\r\nContent-Length: 5", " folded: y\r\nContent-Length: 5",
        "X: y\r\n folded\r\nContent-Length: 5", "\tX: y\r\nContent-Length: 5", "Connection: close",
        ": nameless\r\nContent-Length: 5", "Bad Name: x\r\nContent-Length: 5",
        "Content-Length: 5\r\nX-\u{e9}: \u{e9}", "Keep-Alive: timeout=\u{22}\r\nContent-Length: 5",
        "Keep-Alive: timeout=99999999999999999999\r\nContent-Length: 5",
        "Keep-Alive: timeout=0, max=\r\nContent-Length: 5",
    ])
    func `an odd head is read where it says one thing`(fields: String) throws {
        #expect(try outcome("HTTP/1.1 200 OK\r\n\(fields)\r\n\r\nhello") == "200 hello")
    }

    @Test(arguments: [
        "", "HTTP/1.1\r\n\r\n", "HTTP/1.1 \r\n\r\n", "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 2000 x\r\n\r\n",
        "HTTP/1.1 099 x\r\n\r\n", "HTTP/1.1 abc x\r\n\r\n", "HTTP/2 200\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/x.1 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n", "\n",
        "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "SSH-2.0-x\r\n", "<html>\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5", "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 x\r\n\r\n",
        "HTTP/1.1 100 Continue\r\nContent-Length: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ])
    func `what is no head of HTTP/1 is refused`(answer: String) throws {
        #expect(["malformed", "broken"].contains(try outcome(answer)))
    }

    @Test(arguments: ["x", "<html>", "HTTP/2", "SSH-2.0-OpenSSH", "\u{15}\u{3}\u{3}", "http/0.9"])
    func `what cannot become a status line is refused before its end comes`(answer: String) throws {
        #expect(try outcome(answer) == "malformed")
        let upstream = try Upstream()
        let path = "/say?hex=\(hexadecimal(answer))&later=00&ms=20000"
        let error = #expect(throws: HTTPClientError.self) { try upstream.send(.get, path) }
        #expect(error == .malformedResponse("no status line"))
    }

    @Test func `interim heads are passed over, whatever they say of a body`() throws {
        let interim = "HTTP/1.1 103 Early Hints\r\nContent-Length: 50\r\nLink: </x>\r\n\r\n"
        let final = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        #expect(try outcome(interim + interim + final) == "200 ok")
        #expect(try outcome(interim, later: final) == "200 ok")
        #expect(try outcome(String(repeating: interim, count: 2_000) + final) == "too large")
    }

    private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test(arguments: [
        ("5\r\nhello\r\n0\r\n\r\n", "200 hello"), ("5\nhello\n0\n\n", "200 hello"),
        ("5;a=b\r\nhello\r\n0;c\r\n\r\n", "200 hello"), ("5 \r\nhello\r\n0\r\n\r\n", "200 hello"),
        ("00005\r\nhello\r\n0000\r\n\r\n", "200 hello"),
        ("a\r\n0123456789\r\n0\r\n\r\n", "200 0123456789"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "200 0123456789"),
        ("5\r\nhello\r\n0\r\nX: y\r\n folded\r\nno colon\r\n\r\n", "200 hello"),
        ("0\r\n\r\n", "200 "), ("0\r\nContent-Length: 5\r\n\r\n", "200 "),
        ("5\r\nhel", "200 hel, broken"), ("5\r\nhello", "200 hello, broken"),
        ("5\r\nhello\r\n", "200 hello, broken"), ("5\r\nhello\r\n0\r\n", "200 hello, broken"),
        ("5\r\nhello!\r\n0\r\n\r\n", "200 hello, broken"), ("x\r\nhello\r\n", "200 , broken"),
        ("\r\nhello\r\n", "200 , broken"), ("-5\r\nhello\r\n", "200 , broken"),
        ("0x5\r\nhello\r\n", "200 , broken"), ("+5\r\nhello\r\n", "200 , broken"),
        (" 5\r\nhello\r\n", "200 , broken"), (";5\r\nhello\r\n", "200 , broken"),
        ("ffffffffffffffff\r\nhello\r\n", "200 , broken"),
        ("10000000000000005\r\nhello\r\n", "200 , broken"),
        ("7fffffffffffffff\r\nhello", "200 hello, broken"),
        ("5\r\nhello\r\n3\r\nabc\r\n", "200 helloabc, broken"),
    ])
    func `a chunked body is read to its end or is broken`(body: String, expected: String) throws {
        #expect(try outcome(Self.chunked + body) == expected)
        // Byte by byte it is the same.
        for split in 1..<body.utf8.count {
            let start = String(decoding: Array(body.utf8.prefix(split)), as: UTF8.self)
            let rest = String(decoding: Array(body.utf8.dropFirst(split)), as: UTF8.self)
            #expect(try outcome(Self.chunked + start, later: rest) == expected)
        }
    }

    @Test func `a chunk's line and the trailers have limits`() throws {
        let long = String(repeating: "x", count: 5_000)
        #expect(try outcome(Self.chunked + "5;\(long)\r\nhello\r\n0\r\n\r\n") == "200 , broken")
        let trailers = String(repeating: "X: \(long)\r\n", count: 20)
        #expect(try outcome(Self.chunked + "0\r\n\(trailers)\r\n") == "200 , broken")
        #expect(try outcome(Self.chunked + "0\r\nX: \(long)\r\n\r\n") == "200 ")
    }

    @Test func `a head comes through byte by byte`() throws {
        let answer = "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\nok"
        for split in 1..<answer.utf8.count {
            let start = String(answer.utf8.prefix(split)) ?? ""
            let rest = String(answer.utf8.dropFirst(split)) ?? ""
            #expect(try outcome(start, later: rest) == "200 ok")
        }
    }
}
