/// A body that libcurl fetches piece by piece.
struct CurlUpload {
    private let source: (UnsafeMutableRawBufferPointer) throws -> Int
    /// Whether a read need not wait.
    let isReady: () -> Bool
    /// How many bytes are still owed; `nil` where no length was announced.
    private var remaining: Int64?

    /// - Returns: `nil` for a body that is handed to libcurl as a whole.
    init?(_ body: OutgoingBody) {
        switch body {
        case .none:
            return nil
        case .bytes(let bytes):
            guard bytes.count > CurlOptions.largestInlineBody else { return nil }
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
            remaining = Int64(bytes.count)
        case .stream(let length, let isReady, let read):
            source = read
            self.isReady = isReady
            remaining = length
        }
    }

    /// Reads the next bytes, never more than were announced; 0 is the end.
    ///
    /// - Throws: What the source throws, ``HTTPClientError/bodyUnavailable`` when it ends early.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let room = min(Int64(buffer.count), remaining ?? .max)
        guard room > 0 else { return 0 }
        let count = try source(.init(rebasing: buffer[..<Int(room)]))
        guard (0...Int(room)).contains(count) else { throw HTTPClientError.bodyUnavailable }
        guard let owed = remaining else { return count }
        guard count > 0 else { throw HTTPClientError.bodyUnavailable }
        remaining = owed - Int64(count)
        return count
    }
}
