/// A request's body: a stream that is read once, from front to back.
package protocol RequestBody: AnyObject {
    /// The length that the client declared, in bytes; `nil` for a chunked upload.
    var length: Int64? { get }
    /// Whether a read need not wait for the client.
    var isReady: Bool { get }
    /// Fills the buffer with the received bytes, waiting for at least one; 0 is the end.
    ///
    /// - Throws: ``RequestBodyError``.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// The reason for which a body could not be read to its end.
package enum RequestBodyError: Error, Equatable {
    /// It ended before its declared length.
    case incomplete
    /// It is longer than the limit, in bytes.
    case tooLarge(limit: Int64)
    /// It comes more slowly than so many bytes a second, on average.
    case tooSlow(rate: Int)
}

extension RequestBody {
    package var isReady: Bool { true }

    /// Reads the whole body into memory.
    ///
    /// - Parameter limit: The most bytes to accept.
    /// - Throws: ``RequestBodyError/tooLarge(limit:)`` when there are more.
    package func collect(upTo limit: Int) throws -> [UInt8] {
        if let length, length > Int64(limit) {
            throw RequestBodyError.tooLarge(limit: Int64(limit))
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { return bytes }
            if bytes.count + count > limit {
                throw RequestBodyError.tooLarge(limit: Int64(limit))
            }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}

/// A body that is already in memory.
package final class BytesBody: RequestBody {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package convenience init(_ text: String) {
        self.init([UInt8](text.utf8))
    }

    package var length: Int64? { Int64(bytes.count) }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}
