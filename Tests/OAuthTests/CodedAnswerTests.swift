import Foundation
import HTTPTypes
import Headers
import OAuth
import Testing

/// Answers that are compressed although none was asked for (RFC 9110 §12.5.3).
@Suite struct CodedAnswerTests {
    private func tokens(_ transport: FakeTransport) throws -> TokenResponse {
        try TokenEndpoint(
            url: "https://p.test/token",
            client: Client(id: "i", secret: "s", authentication: .post), transport: transport
        ).refresh(refreshToken: "RT0")
    }

    private func transport(
        _ coding: String?, _ bytes: [UInt8], status: Int = 200
    ) -> FakeTransport {
        var headers: HeaderFields = [:]
        headers[.contentEncoding] = coding
        return FakeTransport { _ in FakeExchange(status: status, headers: headers, body: bytes) }
    }

    /// `{"access_token":"AT1",…,"refresh_token":"RT1","scope":"files"}`, compressed.
    private static let gzip = """
        H4sIAAAAAAACA6tWSkxOTi0uji/Jz07NU7JScgwxVNJRAvPiSyoLUoFCTqmJRalFQNHUioLMotTi+EygQmMzAwMd\
        paLUNKBABlx3EFh3cXI+WGNaZk5qsVItADjr0L5kAAAA
        """
    private static let zlib = """
        eJyrVkpMTk4tLo4vyc9OzVOyUnIMMVTSUQLz4ksqC1KBQk6piUWpRUDR1IqCzKLU4vhMoEJjMwMDHaWi1DSgQAZc\
        dxBYd3FyPlhjWmZOarFSLQCXBiDs
        """
    private static let bare = """
        q1ZKTE5OLS6OL8nPTs1TslJyDDFU0lEC8+JLKgtSgUJOqYlFqUVA0dSKgsyi1OL4TKBCYzMDAx2lotQ0oEAGXHcQ\
        WHdxcj5YY1pmTmqxUi0A
        """
    private static let gzipTwice = """
        H4sIAAAAAAACA5Pv5mAAASbm1WFePn5+unp9+ifP+50N3hRUxGMYcimQ6fMjby3uoEYnv5WdritdHS5e6Wo6s+jK\
        ox8+C5ySjZmZZZcuumKywIEtplwgorywyC4iOSrNL2tjkC6DxesL+1KARgMAdE3KlmMAAAA=
        """
    private static let gzipInTwoMembers = """
        H4sIAAAAAAACA6tWSkxOTi0uji/Jz07NU7JScgwxVNJRAvPiSyoLUoFCTqmJRalFQNHUioLMIgDI6dUqMgAAAB+L\
        CAAAAAAAAgNLLY7PzFOyMjYzMNBRKkpNK0otzogvyc9OBQoqBYUYKukoFSfnF6QCeWmZOanFSrUAe5VC/TIAAAA=
        """
    private static let refusal = "H4sIAAAAAAACA6tWSi0qyi9SslLKzCtLzMlMiU8vSswrUaoFAJK4agAZAAAA"

    static let coded: [(String?, String)] = [
        ("gzip", gzip), ("GZip", gzip), ("x-gzip", gzip), ("identity, gzip", gzip),
        ("deflate", zlib), ("deflate", bare), ("gzip, gzip", gzipTwice), ("gzip", gzipInTwoMembers),
        // One that is not named, or not often enough.
        (nil, gzip), ("gzip", gzipTwice),
    ]

    @Test(arguments: coded)
    func `RELIABILITY 17: tokens of a compressed answer are read`(
        coding: String?, body: String
    ) throws {
        let bytes = try #require(Data(base64Encoded: body))
        let tokens = try tokens(transport(coding, [UInt8](bytes)))
        #expect(tokens.accessToken == "AT1")
        #expect(tokens.refreshToken == "RT1")
    }

    @Test(arguments: ["gzip", "deflate", "gzip, gzip", "br", "zstd", "nonsense", ""])
    func `a coding that is only named is none`(coding: String) throws {
        let body = [UInt8](#"{"access_token":"AT1","refresh_token":"RT1"}"#.utf8)
        #expect(try tokens(transport(coding, body)).refreshToken == "RT1")
    }

    @Test func `nothing coded is asked for, unless an operator does`() throws {
        let transport = FakeTransport(#"{"access_token":"AT1"}"#)
        _ = try tokens(transport)
        #expect(transport.requests.last?.headers[.acceptEncoding] == "identity")
        _ = try TokenEndpoint(
            url: "https://p.test/token",
            client: Client(id: "i", secret: "s", authentication: .post),
            transport: transport, headers: [("Accept-Encoding", "gzip")]
        ).refresh(refreshToken: "RT0")
        #expect(transport.requests.last?.headers[.acceptEncoding] == "gzip")
    }

    @Test func `a refusal is understood in gzip, too`() throws {
        let bytes = [UInt8](try #require(Data(base64Encoded: Self.refusal)))
        let error = failure { _ = try tokens(transport("gzip", bytes, status: 400)) }
        #expect(error == .refused(code: "invalid_grant", status: 400))
    }

    @Test func `a gzip that is cut short gives what is in it, if the refresh token is`() throws {
        let bytes = [UInt8](try #require(Data(base64Encoded: Self.gzip)))
        var outcomes: Set<String?> = []
        for length in 12..<bytes.count {
            let tokens = try? tokens(transport("gzip", Array(bytes[..<length])))
            outcomes.insert(tokens?.refreshToken)
            #expect(tokens == nil || tokens?.accessToken == "AT1")
        }
        #expect(outcomes == [nil, "RT1"])
        #expect(try tokens(transport("gzip", bytes.dropLast(8))).refreshToken == "RT1")
    }

    @Test(arguments: ["br", "zstd", "gzip, br"])
    func `a coding that can't be undone says so, by its name`(coding: String) {
        let body: [UInt8] = [0x0B, 0x02, 0x80] + Array(#"{"access_token":"AT1"}"#.utf8) + [0x03]
        let error = failure { _ = try tokens(transport(coding, body)) }
        #expect(error == .outage(.coded(coding == "zstd" ? "zstd" : "br")))
        #expect(
            failure { _ = try tokens(transport("x-canary", body)) }
                == .outage(.coded("one that is not known")))
    }

    @Test(arguments: [200, 400])
    func `an error in a coding that can't be undone is what its status says`(status: Int) {
        let error = failure { _ = try tokens(transport("br", [0x0B, 0x02, 0x80], status: status)) }
        #expect(error == (status == 200 ? .outage(.coded("br")) : .outage(.status(400))))
    }

    @Test(arguments: ["gzip", "deflate"])
    func `SECURITY 36: a bomb is stopped at the cap`(coding: String) throws {
        // 10 MB in less bytes than an answer may have.
        var bomb = DeflatedSpaces(repetitions: 40_000).bytes
        if coding == "gzip" { bomb = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + bomb }
        #expect(bomb.count < 65_536)
        let error = failure { _ = try tokens(transport(coding, bomb)) }
        #expect(error == .outage(.tooLarge))
    }
}

/// Spaces as one deflate block with the fixed codes (RFC 1951 §3.2.6), "258 like the one before"
/// over and over: 13 bits each.
private struct DeflatedSpaces {
    private(set) var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var bits: UInt32 = 0

    init(repetitions: Int) {
        write(0b011, 3)
        // The code of a space is 0x30 + 0x20, its first bit first.
        write(0b0000_1010, 8)
        for _ in 0..<repetitions { write(0b00000_10100011, 13) }
    }

    private mutating func write(_ value: UInt32, _ count: UInt32) {
        pending |= value << bits
        bits += count
        while bits >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            bits -= 8
        }
    }
}
