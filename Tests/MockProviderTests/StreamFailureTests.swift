import HTTPTypes
import Headers
import MockProvider
import Testing

/// Failures that are ordered for answers that stream.
@Suite struct StreamFailureTests {
    private let provider: TestProvider
    private let token: HeaderFields

    init() throws {
        provider = try TestProvider()
        token = [.authorization: "Bearer \(try provider.tokens().accessToken)"]
    }

    private func spoiled(
        _ mode: String, _ path: String, _ method: HTTPRequest.Method = .get
    ) throws -> Answer {
        _ = try provider.order("fail", #"{"endpoint": "api", "mode": "\#(mode)"}"#)
        return try provider.ask(method, path, token)
    }

    @Test(arguments: ["cut", "truncated"], [2, 1000, 200_000])
    func `a stream is cut in its middle, its length said truly`(mode: String, size: Int) throws {
        let whole = try provider.ask(.get, "/api/bytes/\(size)", token).streamed().bytes
        #expect(whole.count == size)
        let known = try spoiled(mode, "/api/bytes/\(size)")
        #expect(known.status == 200)
        #expect(known.headers[.contentLength] == String(size))
        let (bytes, isCut) = try known.streamed()
        #expect(isCut)
        #expect(bytes == Array(whole.prefix(size / 2)))
        let unknown = try spoiled(mode, "/api/chunked/\(size)")
        #expect(unknown.headers[.contentLength] == nil)
        let chunked = try unknown.streamed()
        #expect(chunked.isCut)
        #expect((1..<size).contains(chunked.bytes.count))
        #expect(chunked.bytes == Array(whole.prefix(chunked.bytes.count)))
    }

    @Test func `a range is cut in its own middle, and a HEAD is not`() throws {
        _ = try provider.order("fail", #"{"endpoint": "api", "mode": "cut"}"#)
        var headers = token
        headers[.range] = "bytes=100-199"
        let part = try provider.ask(.get, "/api/bytes/1000", headers)
        #expect(part.status == 206)
        #expect(try part.streamed().bytes.count == 50)
        let head = try spoiled("cut", "/api/bytes/1000", .head)
        #expect(head.headers[.contentLength] == "1000")
        #expect(try head.streamed() == ([], false))
    }

    @Test func `an event stream is cut within an event`() throws {
        let answer = try spoiled("cut", "/api/stream?events=3&interval=1").streamed()
        #expect(answer.isCut)
        #expect(!answer.bytes.isEmpty)
        #expect(!String(decoding: answer.bytes, as: UTF8.self).hasSuffix("\n\n"))
    }

    @Test func `a stream drips whole`() throws {
        let answer = try spoiled("drip", "/api/bytes/50").streamed()
        #expect(answer.bytes.count == 50)
        #expect(!answer.isCut)
    }
}
