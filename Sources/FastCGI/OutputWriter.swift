import CFastCGI
import Web

/// A streamed answer's way to nginx (FCGI_STDOUT).
///
/// Short bodies go through libfcgi's stream, together with the head. Of long ones as much is gathered
/// as fits into one record: a piece of libcurl's has 16 KB, and each record is a system call here and
/// one more in nginx.
final class OutputWriter: ResponseWriter {
    /// How many bytes of the body were written.
    private(set) var count: Int64 = 0
    /// `nil` once the request is over.
    private var stream: UnsafeMutablePointer<FCGX_Stream>?
    private let connection: Connection
    /// There as soon as the body proves to be a long one.
    private var gathered: [UInt8]?
    /// A body with a piece of at least so many bytes is a long one.
    private static let largePiece = 8192

    init(_ stream: UnsafeMutablePointer<FCGX_Stream>, of connection: Connection) {
        self.stream = stream
        self.connection = connection
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard let stream else { throw ClientGone() }
        if gathered == nil, bytes.count < Self.largePiece {
            guard stream.write(bytes) else { throw ClientGone() }
        } else {
            try gather(bytes)
        }
        count += Int64(bytes.count)
    }

    /// Sends off all that was written.
    func flush() throws {
        guard let stream else { throw ClientGone() }
        try finish()
        guard FCGX_FFlush(stream) == 0 else { throw ClientGone() }
    }

    /// Sends what is gathered; what is in libfcgi's stream goes with the end of the request.
    func finish() throws {
        if gathered?.isEmpty == false { try sendGathered() }
    }

    /// Makes further writes fail: the library's stream is about to be freed.
    func invalidate() {
        stream = nil
    }

    private func gather(_ bytes: UnsafeRawBufferPointer) throws {
        if gathered == nil {
            try flush()
            gathered = []
            gathered?.reserveCapacity(Connection.longestOutput)
        }
        if (gathered?.count ?? 0) + bytes.count > Connection.longestOutput { try sendGathered() }
        gathered?.append(contentsOf: bytes)
    }

    private func sendGathered() throws {
        let isSent = gathered?.withUnsafeBytes { connection.sendOutput($0) } ?? true
        gathered?.removeAll(keepingCapacity: true)
        guard isSent else { throw ClientGone() }
    }
}

extension UnsafeMutablePointer<FCGX_Stream> {
    /// Writes all of the bytes; `false` when the connection is gone.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let part = Swift.min(rest.count, 1 << 30)
            guard FCGX_PutStr(start.assumingMemoryBound(to: CChar.self), CInt(part), self) == part
            else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[part...])
        }
        return true
    }

    /// Writes a text; an error shows at the end, when the stream is closed.
    func write(_ text: String) {
        var text = text
        _ = text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes a constant text, without making a string of it.
    func write(_ text: StaticString) {
        _ = write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
