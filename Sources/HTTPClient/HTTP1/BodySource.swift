/// A body that is fetched piece by piece while it is sent.
struct BodySource {
    /// The size of a piece that is fetched at once, in bytes.
    private static let pieceSize = 65_536
    /// Room for the line before a chunk: the piece's size in hexadecimal, CR LF.
    private static let chunkLine = 7

    private let source: (UnsafeMutableRawBufferPointer) throws -> Int
    /// Whether a read need not wait.
    let isReady: () -> Bool
    /// The number of bytes that are still owed; `nil` where no length was announced.
    private var owed: Int64?
    /// Whether all of it was fetched.
    private(set) var isExhausted = false

    init(_ body: OutgoingBody) {
        switch body {
        case .none:
            source = { _ in 0 }
            isReady = { true }
            owed = 0
        case .bytes(let bytes):
            var position = 0
            source = { buffer in
                let count = min(buffer.count, bytes.count - position)
                bytes.withUnsafeBytes { bytes in
                    buffer.copyMemory(from: .init(rebasing: bytes[position..<position + count]))
                }
                position += count
                return count
            }
            isReady = { true }
            owed = Int64(bytes.count)
        case .stream(let length, let isReady, let read):
            source = read
            self.isReady = isReady
            owed = length
        }
    }

    /// Fetches the next piece, never more than was announced; framed as a chunk where nothing was
    /// (RFC 9112 §7.1).
    ///
    /// - Parameter memory: The memory for the bytes to send; made larger where it is too small.
    /// - Returns: The range of these bytes in the memory.
    /// - Throws: The source's errors, ``HTTPClientError/bodyUnavailable`` when it ends early.
    mutating func next(into memory: inout [UInt8]) throws -> Range<Int> {
        if let owed {
            guard owed > 0 else { return ended() }
            let count = try fetch(into: &memory, from: 0, atMost: Int(clamping: owed))
            guard count > 0 else { throw HTTPClientError.bodyUnavailable }
            self.owed = owed - Int64(count)
            isExhausted = self.owed == 0
            return 0..<count
        }
        let count = try fetch(into: &memory, from: Self.chunkLine, atMost: Self.pieceSize)
        guard count > 0 else {
            memory = Array("0\r\n\r\n".utf8)
            isExhausted = true
            return 0..<memory.count
        }
        let line = Array((String(count, radix: 16) + "\r\n").utf8)
        let start = Self.chunkLine - line.count
        let end = Self.chunkLine + count
        memory.replaceSubrange(start..<Self.chunkLine, with: line)
        memory.replaceSubrange(end..<end + 2, with: [0x0D, 0x0A])
        return start..<end + 2
    }

    private mutating func ended() -> Range<Int> {
        isExhausted = true
        return 0..<0
    }

    private func fetch(
        into memory: inout [UInt8], from start: Int, atMost limit: Int
    ) throws -> Int {
        let size = min(Self.pieceSize, limit)
        let needed = start + size + 2
        if memory.count < needed { memory = [UInt8](repeating: 0, count: needed) }
        let count = try memory.withUnsafeMutableBytes { memory in
            try source(.init(rebasing: memory[start..<start + size]))
        }
        guard (0...size).contains(count) else { throw HTTPClientError.bodyUnavailable }
        return count
    }
}
