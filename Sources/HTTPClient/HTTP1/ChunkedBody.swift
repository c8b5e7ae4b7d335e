import Encoding

/// A body in chunks (RFC 9112 §7.1). Chunk extensions and trailers are dropped.
struct ChunkedBody {
    /// The longest line with a chunk's size, its extensions included, in bytes.
    private static let longestSizeLine = 4_096
    /// The most bytes of trailers.
    private static let mostTrailerBytes = 65_536

    private enum State {
        case size
        case data(left: Int64)
        case endOfData
        case trailers(bytes: Int)
        case complete
    }

    private var state = State.size

    var isComplete: Bool {
        if case .complete = state { true } else { false }
    }

    /// Takes the next piece of content out of the buffer.
    ///
    /// - Returns: The piece, valid until the buffer is used again; `nil` when it has none.
    /// - Throws: ``HTTPClientError/broken(_:_:)``.
    mutating func next(
        in buffer: ReceiveBuffer
    ) throws(HTTPClientError) -> UnsafeRawBufferPointer? {
        while true {
            switch state {
            case .size:
                guard let line = try line(in: buffer, atMost: Self.longestSizeLine) else {
                    return nil
                }
                let size = try Self.size(line)
                state = size == 0 ? .trailers(bytes: 0) : .data(left: size)
            case .data(let left):
                let piece = buffer.take(atMost: Int(clamping: left))
                guard !piece.isEmpty else { return nil }
                let rest = left - Int64(piece.count)
                state = rest == 0 ? .endOfData : .data(left: rest)
                return piece
            case .endOfData:
                guard let line = try line(in: buffer, atMost: 2) else { return nil }
                guard line.isEmpty else { throw Self.malformed("a chunk is longer than its size") }
                state = .size
            case .trailers(let bytes):
                let room = Self.mostTrailerBytes - bytes
                guard let line = try line(in: buffer, atMost: room) else { return nil }
                state = line.isEmpty ? .complete : .trailers(bytes: bytes + line.count + 1)
            case .complete:
                return nil
            }
        }
    }

    /// Reads a line without its end; `nil` when it has not come.
    private func line(
        in buffer: ReceiveBuffer, atMost limit: Int
    ) throws(HTTPClientError) -> UnsafeRawBufferPointer? {
        let available = buffer.bytes.count
        guard let line = buffer.takeLine() else {
            guard available < limit else { throw Self.malformed("a line without an end") }
            return nil
        }
        guard line.count <= limit else { throw Self.malformed("a line that is too long") }
        return line.trimmingLineEnd()
    }

    /// Reads a size such as `1a2b`, and behind it nothing, or blanks, or an extension.
    private static func size(_ line: UnsafeRawBufferPointer) throws(HTTPClientError) -> Int64 {
        var size: Int64 = 0
        var digits = 0
        for byte in line {
            guard let value = Hexadecimal.digit(byte) else {
                guard byte.isASCIIBlank || byte == UInt8(ascii: ";") else {
                    throw malformed("a chunk's size is no number")
                }
                break
            }
            guard size <= Int64.max >> 4 else { throw malformed("a chunk's size is too large") }
            size = size << 4 | Int64(value)
            digits += 1
        }
        guard digits > 0 else { throw malformed("a chunk without a size") }
        return size
    }

    private static func malformed(_ explanation: String) -> HTTPClientError {
        .broken(.body, explanation)
    }
}
