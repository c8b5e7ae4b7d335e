import CFastCGI
import Glibc
import Web

/// A streamed answer's way into libfcgi's stream (FCGI_STDOUT).
final class OutputWriter: ResponseWriter {
    /// The number of bytes of the body that were written.
    private(set) var count: Int64 = 0
    /// `nil` once the request is over.
    private var stream: UnsafeMutablePointer<FCGX_Stream>?
    private let connection: Connection
    /// A piece of at least so many bytes goes out at once, without being copied into the stream.
    private static let largePiece = 8192
    /// nginx takes nothing more until the client has taken so much (`fastcgi_busy_buffers_size`).
    private static let nginxBuffer = 131_072
    private var patience: ClientPatience

    init(
        _ stream: UnsafeMutablePointer<FCGX_Stream>, of connection: Connection,
        clientRate: ClientRate
    ) {
        self.stream = stream
        self.connection = connection
        patience = ClientPatience(clientRate, lump: Self.nginxBuffer)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard let stream else { throw ClientGone() }
        if bytes.count < Self.largePiece {
            if bytes.count > stream.room { try awaitClient() }
            guard stream.write(bytes) else { throw ClientGone() }
        } else {
            try flush()
            guard connection.sendOutput(bytes, patience: &patience) else { throw ClientGone() }
        }
        count += Int64(bytes.count)
        patience.moved(bytes.count)
    }

    func flush() throws {
        try awaitClient()
        guard let stream, FCGX_FFlush(stream) == 0 else { throw ClientGone() }
    }

    /// Sends bytes that are not the body's, past the library's buffer, in a record of their own.
    func sendAtOnce(_ bytes: UnsafeRawBufferPointer) throws {
        guard connection.sendOutput(bytes, patience: &patience) else { throw ClientGone() }
    }

    /// Waits until the library's buffer can be sent without waiting.
    ///
    /// - Throws: ``ClientGone`` also when the client takes too little.
    func awaitClient() throws {
        guard patience.wait(for: POLLOUT, on: connection.descriptorNumber) else {
            throw ClientGone()
        }
    }

    /// Ends the answer in its middle, so that no one takes it for a whole one: nginx would answer in
    /// our place if it had no head.
    ///
    /// - Parameter isBuffered: Whether nginx buffers it; else it takes the connection's end for the
    ///   answer's, unless bytes that are no record come before that.
    func breakOff(isBuffered: Bool) {
        guard (try? flush()) != nil, !isBuffered else { return }
        _ = connection.sendNoRecord(patience: &patience)
    }

    /// Makes further writes fail: the library's stream is about to be freed.
    func invalidate() {
        stream = nil
    }
}

extension UnsafeMutablePointer: ByteSink where Pointee == FCGX_Stream {
    /// The number of bytes that it takes before it sends some.
    fileprivate var room: Int {
        pointee.stop - pointee.wrNext
    }

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
}

/// A destination for an answer's bytes.
protocol ByteSink {
    /// Takes all of the bytes; `false` when that is not possible any more.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool
}

extension ByteSink {
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
