import Encoding
import Testing
import Web

@Suite struct RequestTests {
    @Test(arguments: [
        ("/a", "/a", nil), ("/a?", "/a", ""), ("/a?b=c?d", "/a", "b=c?d"),
        ("/%2e%2e//x?q", "/%2e%2e//x", "q"), ("/a?\u{301}b", "/a", "\u{301}b"),
    ])
    func `a target is cut at its first question mark and else left alone`(
        target: String, path: String, query: String?
    ) {
        let request = Request(target: target)
        #expect(request.path == path)
        #expect(request.query == query)
    }

    @Test func `a query is a form, empty without one, nothing when malformed`() {
        #expect(Request(target: "/a?x=1+2").queryForm?["x"] == "1 2")
        #expect(Request(target: "/a").queryForm?.fields == [])
        #expect(Request(target: "/a?x=%").queryForm == nil)
    }

    @Test func `a body is collected up to its limit and not a byte more`() throws {
        let bytes = [UInt8](repeating: 7, count: 40_000)
        #expect(try BytesBody(bytes).collect(upTo: 40_000) == bytes)
        #expect(throws: RequestBodyError.tooLarge(limit: 39_999)) {
            try BytesBody(bytes).collect(upTo: 39_999)
        }
    }

    @Test func `a body without a length is counted as it comes`() throws {
        let bytes = [UInt8](repeating: 7, count: 40_000)
        #expect(try UnsizedBody(bytes).collect(upTo: 40_000) == bytes)
        #expect(throws: RequestBodyError.tooLarge(limit: 39_999)) {
            try UnsizedBody(bytes).collect(upTo: 39_999)
        }
    }
}

/// A chunked upload: it has a body and no length.
private final class UnsizedBody: RequestBody {
    private let body: BytesBody
    init(_ bytes: [UInt8]) { body = BytesBody(bytes) }
    var length: Int64? { nil }
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try body.read(into: buffer)
    }
}
