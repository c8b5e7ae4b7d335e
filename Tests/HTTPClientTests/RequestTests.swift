import Addressing
import HTTPClient
import HTTPTypes
import Headers
import Testing

struct RequestTests {
    @Test func `a GET is sent as it stands, with nothing added but host and user agent`() throws {
        let upstream = try Upstream()
        let text = try upstream.text(.get, "/echo?a=%2F..&b=|")
        #expect(
            text == """
                GET /echo?a=%2F..&b=| HTTP/1.1
                Host: 127.0.0.1:\(upstream.server.port)
                User-Agent: test/1


                """)
    }

    @Test func `the target of a parsed URL is sent as it stands`() throws {
        let upstream = try Upstream()
        let origin = try upstream.url("").origin
        let url = try #require(AbsoluteURL(origin: origin, target: "/echo?a=%2F..&b=\"|?"))
        let exchange = try upstream.transport.send(OutgoingRequest(method: .get, to: url))
        let text = String(decoding: try exchange.collect(upTo: 1 << 20), as: UTF8.self)
        #expect(
            text.hasPrefix(
                "GET /echo?a=%2F..&b=\"|? HTTP/1.1\nHost: 127.0.0.1:\(upstream.server.port)\n"))
    }

    @Test(arguments: ["", "?a"])
    func `a target without a path is the root's`(target: String) throws {
        let upstream = try Upstream()
        _ = try upstream.send(.get, target)
        #expect(upstream.server.count("/") == 1)
    }

    @Test func `SECURITY 30: a parsed URL of plain http is refused unless it is allowed`() throws {
        let url = try #require(AbsoluteURL("http://127.0.0.1:9/"))
        let strict = CurlTransport(
            configuration: CurlTransportConfiguration(), logger: .init(label: "test"))
        #expect(throws: HTTPClientError.badURL("scheme not allowed")) {
            try strict.send(OutgoingRequest(method: .get, to: url))
        }
    }

    @Test func `dot segments and doubled slashes stay as they are`() throws {
        let upstream = try Upstream()
        let head = try upstream.send(.get, "/a/../b//./c").head
        #expect(head.status == 404)
        #expect(upstream.server.count("/a/../b//./c") == 1)
    }

    @Test func `header fields keep their order and their repeats`() throws {
        let upstream = try Upstream()
        var headers = HeaderFields()
        let b = try #require(HTTPField.Name("X-B"))
        let a = try #require(HTTPField.Name("X-A"))
        headers.append(HeaderField(name: b, value: "1"))
        headers.append(HeaderField(name: a, value: ""))
        headers.append(HeaderField(name: b, value: "2; x, \u{e9}"))
        headers.append(HeaderField(name: .userAgent, value: "mine"))
        headers.append(HeaderField(name: .accept, value: "text/plain"))
        let text = try upstream.text(.get, "/echo", headers: headers)
        let lines = text.split(separator: "\n").dropFirst(2)
        #expect(
            lines == [
                "X-B: 1", "X-A:", "X-B: 2; x, \u{e9}", "User-Agent: mine", "Accept: text/plain",
            ])
    }

    @Test func `two hundred fields are sent`() throws {
        let upstream = try Upstream()
        var headers = HeaderFields()
        for number in 0..<200 {
            let name = try #require(HTTPField.Name("X-\(number)"))
            headers.append(HeaderField(name: name, value: String(repeating: "v", count: 50)))
        }
        let text = try upstream.text(.get, "/echo", headers: headers)
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("X-") }.count == 200)
    }

    @Test(arguments: ["Content-Length", "Transfer-Encoding", "Host", "Connection", "Expect", "TE"])
    func `a field that frames the message is refused`(name: String) throws {
        let upstream = try Upstream()
        let headers = [try #require(HTTPField.Name(name)): "5"] as HeaderFields
        #expect(throws: HTTPClientError.badRequest("\(name) is not the caller's to set")) {
            try upstream.send(.get, "/echo", headers: headers)
        }
        #expect(upstream.server.connections == 0)
    }

    @Test func `SECURITY 32: a line break in a value never becomes a second field`() throws {
        let upstream = try Upstream()
        let name = try #require(HTTPField.Name("X-A"))
        let headers = [name: "a\r\nX-Injected: 1\u{0}b"] as HeaderFields
        let text = try upstream.text(.get, "/echo", headers: headers)
        #expect(text.contains("X-A: a  X-Injected: 1 b\n"))
    }

    @Test(arguments: [
        "ftp://h/", "file:///etc/passwd", "/x", "//h/", "https:/h/", "https:///h/", "https:h",
        "https://", "https://u@h/", "https://u:p@h/", "https://h\\@e/", "https://h/a b",
        "https://h/\r\nX: y", "https://h/\u{0}", "https://h/\t", "https://h/#f", "https://h%2fe/",
        "https://\u{e9}.test/", "https://h/?\u{e9}", "gopher://h/", "http+unix://x/", "",
    ])
    func `SECURITY 27, 30: a URL that could mean two things is refused`(url: String) throws {
        guard let url = AbsoluteURL(url) else { return }
        let transport = try Upstream().transport
        let error = #expect(throws: HTTPClientError.self) {
            try transport.send(OutgoingRequest(method: .get, to: url))
        }
        guard case .badURL = error else {
            Issue.record("\(url): \(String(describing: error))")
            return
        }
    }

    @Test func `SECURITY 30: plain http is refused unless it is allowed`() throws {
        let upstream = try Upstream()
        let strict = CurlTransport(
            configuration: CurlTransportConfiguration(
                allowedNetworks: [try IPNetwork("127.0.0.0/8")]),
            logger: .init(label: "test"))
        #expect(throws: HTTPClientError.badURL("scheme not allowed")) {
            try strict.send(OutgoingRequest(method: .get, to: upstream.url("/echo")))
        }
        #expect(upstream.server.connections == 0)
    }

    @Test(arguments: [HTTPRequest.Method.connect, .trace])
    func `SECURITY 33: no CONNECT and no TRACE`(method: HTTPRequest.Method) throws {
        let upstream = try Upstream()
        #expect(throws: HTTPClientError.badRequest("method \(method)")) {
            try upstream.send(method, "/echo")
        }
    }

    @Test(arguments: [HTTPRequest.Method.post, .patch, .put])
    func `a body in memory is sent with its length`(method: HTTPRequest.Method) throws {
        let upstream = try Upstream()
        for size in [0, 1, 1_000, 65_536, 65_537, 3_000_000] {
            let body = [UInt8](repeating: 0x61, count: size)
            let text = try upstream.text(method, "/echo", body: .bytes(body))
            #expect(text.hasPrefix("\(method) /echo HTTP/1.1\n"))
            #expect(text.contains("\nContent-Length: \(size)\n"))
            #expect(!text.contains("Content-Type") && !text.contains("Expect"))
            #expect(text.hasSuffix("\n\n" + String(repeating: "a", count: size)))
        }
    }

    @Test func `a POST without a body says so, a DELETE sends nothing of the kind`() throws {
        let upstream = try Upstream()
        #expect(try upstream.text(.post, "/echo").contains("Content-Length: 0\n"))
        #expect(try !upstream.text(.delete, "/echo").contains("Content-Length"))
        #expect(try upstream.text(.delete, "/echo", body: .bytes([0x62])).hasSuffix("\n\nb"))
    }

    @Test func `a stream with a length is sent with it`() throws {
        let upstream = try Upstream()
        let body = OutgoingBody.stream(length: 2_000_000, read: zeros(2_000_000))
        let text = try upstream.text(.post, "/echo", body: body)
        #expect(text.contains("Content-Length: 2000000\n"))
        #expect(text.utf8.filter { $0 == 0 }.count == 2_000_000)
    }

    @Test func `a stream is never sent beyond its length`() throws {
        let upstream = try Upstream()
        let body = OutgoingBody.stream(length: 15_000, read: zeros(20_000))
        let text = try upstream.text(.put, "/echo", body: body)
        #expect(text.utf8.filter { $0 == 0 }.count == 15_000)
    }

    @Test(arguments: [0, 1, 25_000, 1_000_000])
    func `a stream without a length is chunked`(size: Int) throws {
        let upstream = try Upstream()
        let body = OutgoingBody.stream(length: nil, read: zeros(size))
        let text = try upstream.text(.patch, "/echo", body: body)
        #expect(text.contains("Transfer-Encoding: chunked\n"))
        #expect(!text.contains("Content-Length"))
        #expect(text.utf8.filter { $0 == 0 }.count == size)
    }

    @Test func `a stream that ends before its length fails the request`() throws {
        let upstream = try Upstream()
        let body = OutgoingBody.stream(length: 20_000, read: zeros(15_000))
        #expect(throws: HTTPClientError.bodyUnavailable) {
            try upstream.send(.post, "/echo", body: body)
        }
    }

    @Test func `what the body's reader throws comes out as it was`() throws {
        struct Gone: Error, Equatable {}
        let upstream = try Upstream()
        let body = OutgoingBody.stream(length: nil, read: { _ in throw Gone() })
        #expect(throws: Gone()) { try upstream.send(.post, "/echo", body: body) }
    }

    @Test func `nothing of a request is left for the next one`() throws {
        let upstream = try Upstream()
        let headers: HeaderFields = [.authorization: "Bearer secret", .contentType: "text/x"]
        let first = try upstream.text(.post, "/echo", headers: headers, body: .bytes([1]))
        #expect(first.contains("secret"))
        let second = try upstream.text(.get, "/echo")
        #expect(second.split(separator: "\n").count == 3)
        #expect(second.hasPrefix("GET"))
        #expect(upstream.server.connections == 1)
    }
}
