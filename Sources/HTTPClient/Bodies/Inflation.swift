import CZlib

/// Undoing deflate (RFC 1951), of bytes that are all there, under a cap.
enum Inflation {
    /// The format around the deflated bytes.
    enum Wrapper: CInt {
        /// RFC 1952.
        case gzip = 31
        /// RFC 1950, the format of the coding `deflate`.
        case zlib = 15
        /// No wrapper, as some servers send under that name.
        case none = -15
    }

    enum Ending {
        case whole
        /// More than the cap.
        case tooLarge
        /// Cut short or damaged: the part before that is there.
        case broken
    }

    private static let pieceSize = 16_384

    static func inflate(
        _ bytes: [UInt8], _ wrapper: Wrapper, upTo limit: Int
    ) -> (bytes: [UInt8], ending: Ending) {
        var stream = z_stream()
        guard gk_inflate_begin(&stream, wrapper.rawValue) == Z_OK else { return ([], .broken) }
        defer { inflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            return run(&stream, wrapper, upTo: limit)
        }
    }

    private static func run(
        _ stream: inout z_stream, _ wrapper: Wrapper, upTo limit: Int
    ) -> (bytes: [UInt8], ending: Ending) {
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let status = piece.withUnsafeMutableBufferPointer { piece in
                stream.next_out = piece.baseAddress
                stream.avail_out = UInt32(clamping: piece.count)
                return CZlib.inflate(&stream, Z_NO_FLUSH)
            }
            let count = pieceSize - Int(stream.avail_out)
            let room = limit - output.count
            output += piece.prefix(min(count, room))
            guard count <= room else { return (output, .tooLarge) }
            switch status {
            case Z_OK: continue
            case Z_STREAM_END:
                guard wrapper == .gzip, beginsMember(stream), inflateReset(&stream) == Z_OK else {
                    return (output, .whole)
                }
            default: return (output, .broken)
            }
        }
    }

    /// Whether another member begins (RFC 1952 §2.2: members may follow one another).
    private static func beginsMember(_ stream: z_stream) -> Bool {
        guard let next = stream.next_in else { return false }
        return UnsafeBufferPointer(start: next, count: Int(stream.avail_in)).starts(with: gzipMark)
    }

    /// RFC 1952 §2.3.1: the beginning of everything that is gzip, and of no text.
    static let gzipMark: [UInt8] = [0x1F, 0x8B]
}
