import HTTPClient
import HTTPTypes
import Testing

struct ResponseTests {
    @Test(arguments: [0, 1, 1_024, 65_535, 65_536, 70_000, 200_000, 5_000_000])
    func `a body comes whole, whatever its size`(size: Int) throws {
        let upstream = try Upstream()
        let exchange = try upstream.send(.get, "/bytes?size=\(size)")
        let body = try exchange.collect(upTo: size)
        #expect(body == (0..<size).map { UInt8($0 % 251) })
    }

    @Test func `a chunked body comes whole and its trailers are dropped`() throws {
        let exchange = try Upstream().send(.get, "/chunked")
        #expect(try exchange.collect(upTo: 100) == Array("hello world".utf8))
        #expect(exchange.head.headerFields.map(\.name.rawName) == ["Transfer-Encoding"])
    }

    @Test func `the end of the connection is the end of a body without a length`() throws {
        #expect(try Upstream().text(.get, "/until-close") == "all of it")
    }

    @Test func `interim answers are skipped`() throws {
        let exchange = try Upstream().send(.get, "/interim")
        #expect(exchange.head.status == 200)
        #expect(exchange.head.headerFields.map(\.name.rawName) == ["Content-Length"])
        #expect(try exchange.collect(upTo: 100) == Array("final".utf8))
    }

    @Test func `odd header fields are mended or dropped`() throws {
        let fields = try Upstream().send(.get, "/odd-headers").head.headerFields
        #expect(
            fields.map { "\($0.name): \($0.value)" } == [
                "Set-Cookie: a=1", "Set-Cookie: b=2", "X-Folded: one two", "X-Empty: ",
                "X-Cr: a b", "X-Latin: caf\u{e9}", "Content-Length: 3",
            ])
    }

    @Test func `a line without a colon is not HTTP`() throws {
        let upstream = try Upstream()
        let error = #expect(throws: HTTPClientError.self) {
            try upstream.send(.get, "/raw-head?line=no_colon_here")
        }
        guard case .malformedResponse = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a HEAD has no body`() throws {
        let upstream = try Upstream()
        let exchange = try upstream.send(.head, "/bytes?size=1000")
        #expect(exchange.head.headerFields[.contentLength] == "1000")
        #expect(try exchange.collect(upTo: 0).isEmpty)
        #expect(try upstream.text(.get, "/connection") == "1")
    }

    @Test(arguments: [204, 304])
    func `an answer that has no body is complete with its head`(code: Int) throws {
        let upstream = try Upstream()
        let exchange = try upstream.send(.get, "/status?code=\(code)")
        #expect(exchange.head.status.code == code)
        #expect(try exchange.collect(upTo: 0).isEmpty)
        #expect(try upstream.text(.get, "/connection") == "1")
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `SECURITY 31: a redirect is returned, not followed`(code: Int) throws {
        let exchange = try Upstream().send(.get, "/status?code=\(code)")
        #expect(exchange.head.status.code == code)
        #expect(exchange.head.headerFields[.location] == "http://127.0.0.1:1/elsewhere")
    }

    @Test(arguments: [400, 401, 404, 407, 417, 429, 500, 503, 599, 999])
    func `any status passes`(code: Int) throws {
        let exchange = try Upstream().send(.get, "/status?code=\(code)")
        #expect(exchange.head.status.code == code)
        #expect(try exchange.collect(upTo: 10) == Array("body".utf8))
    }

    @Test func `SECURITY 36: a gzip bomb stays packed`() throws {
        let exchange = try Upstream().send(.get, "/gzip-bomb")
        #expect(exchange.head.headerFields[.contentEncoding] == "gzip")
        #expect(try exchange.collect(upTo: 1 << 20).prefix(2) == [0x1F, 0x8B])
    }

    @Test func `SECURITY 36: a body that does not end is cut where the caller says`() throws {
        let exchange = try Upstream().send(.get, "/endless")
        #expect(throws: HTTPClientError.responseTooLarge) { try exchange.collect(upTo: 1 << 20) }
    }

    @Test(arguments: [
        "/header-bomb?kilobytes=65", "/header-bomb", "/long-header?kilobytes=80", "/long-header",
    ])
    func `SECURITY 36: header fields beyond the limit are refused`(path: String) throws {
        let upstream = try Upstream()
        #expect(throws: HTTPClientError.headerTooLarge) { try upstream.send(.get, path) }
    }

    @Test func `header fields within the limit pass`() throws {
        let head = try Upstream().send(.get, "/header-bomb?kilobytes=62").head
        #expect(head.headerFields.count == 62)
    }

    @Test func `what the sink throws comes out as it was`() throws {
        struct Full: Error, Equatable {}
        for path in ["/bytes?size=10", "/bytes?size=1000000"] {
            let exchange = try Upstream().send(.get, path)
            #expect(throws: Full()) {
                try exchange.drain(to: { _ in throw Full() }, beforeWaiting: {})
            }
        }
    }

    @Test func `the caller is told before each wait, when all that came was passed on`() throws {
        let exchange = try Upstream().send(.get, "/drip?count=5&ms=20")
        var events: [String] = []
        try exchange.drain(
            to: { piece in events.append(String(decoding: piece, as: UTF8.self)) },
            beforeWaiting: { if events.last != "flush" { events.append("flush") } })
        #expect(events.filter { $0 == "d" }.count == 5)
        #expect(events.filter { $0 == "flush" }.count >= 4)
    }

    @Test func `what beforeWaiting throws comes out as it was`() throws {
        struct Gone: Error, Equatable {}
        let exchange = try Upstream().send(.get, "/drip?count=5&ms=1000")
        #expect(throws: Gone()) {
            try exchange.drain(to: { _ in }, beforeWaiting: { throw Gone() })
        }
    }

    @Test func `an answer can be drained only once`() throws {
        let exchange = try Upstream().send(.get, "/bytes")
        _ = try exchange.collect(upTo: 2_000)
        #expect(throws: HTTPClientError.other("drained twice")) { try exchange.collect(upTo: 1) }
    }
}
