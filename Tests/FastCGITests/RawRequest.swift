/// A request as records; each part can be bent.
struct RawRequest {
    var id: UInt16 = 1
    var role: UInt16 = 1
    var keepsConnection = true
    var parameters: [(String, String)]
    /// Further ones, name and value as bytes.
    var rawParameters: [([UInt8], [UInt8])] = []
    /// The content of FCGI_STDIN, a record for each; the empty one at the end comes by itself.
    var body: [[UInt8]] = []

    init(
        _ method: String = "GET", _ target: String = "/", _ more: [(String, String)] = [],
        body: String? = nil
    ) {
        parameters = [("REQUEST_METHOD", method), ("REQUEST_URI", target)] + more
        if let body {
            parameters.append(("CONTENT_LENGTH", String(body.utf8.count)))
            self.body = [Array(body.utf8)]
        }
    }

    var bytes: [UInt8] {
        start + body.flatMap { Self.record(5, id, $0) } + Self.record(5, id, [])
    }

    /// The records up to the last one of the parameters.
    var start: [UInt8] {
        begin + Self.parts(pairs).flatMap { Self.record(4, id, $0) } + Self.record(4, id, [])
    }

    private var pairs: [UInt8] {
        parameters.flatMap { Self.pair($0.0, $0.1) }
            + rawParameters.flatMap { Self.pair($0.0, $0.1) }
    }

    /// As many bytes as a record may have in each.
    private static func parts(_ bytes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: 65_528).map {
            Array(bytes[$0..<min($0 + 65_528, bytes.count)])
        }
    }

    /// FCGI_BEGIN_REQUEST.
    var begin: [UInt8] {
        Self.record(
            1, id, [UInt8(role >> 8), UInt8(role & 255), keepsConnection ? 1 : 0, 0, 0, 0, 0, 0])
    }

    static func record(_ type: UInt8, _ id: UInt16, _ content: [UInt8]) -> [UInt8] {
        let padding = (8 - content.count % 8) % 8
        return [
            1, type, UInt8(id >> 8), UInt8(id & 255), UInt8(content.count >> 8),
            UInt8(content.count & 255), UInt8(padding), 0,
        ] + content + Array(repeating: 0, count: padding)
    }

    static func pair(_ name: String, _ value: String) -> [UInt8] {
        pair(Array(name.utf8), Array(value.utf8))
    }

    static func pair(_ name: [UInt8], _ value: [UInt8]) -> [UInt8] {
        length(name.count) + length(value.count) + name + value
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 128 { return [UInt8(count)] }
        return [
            UInt8(count >> 24) | 0x80, UInt8(count >> 16 & 255), UInt8(count >> 8 & 255),
            UInt8(count & 255),
        ]
    }
}
