import CFastCGI
import HTTPTypes
import Headers
import Web

/// Writes one answer into libfcgi's stream.
///
/// Values of header fields hold no CR, LF or NUL: ``HeaderFields`` replaces them by spaces. So no
/// value begins a new header.
struct ResponseSender {
    let stream: UnsafeMutablePointer<FCGX_Stream>
    let connection: Connection
    /// HEAD: the head says what GET would, and no body follows (RFC 9110 §9.3.2).
    let isHead: Bool
    /// The slowest pace at which the client may take it.
    let clientRate: ClientRate
    let record: RequestRecord

    /// Sends it whole; buffered bytes may be left for the end of the request.
    ///
    /// - Throws: ``ClientGone``, the errors of the stream's closure, and ``BodyLengthMismatch``.
    func send(_ response: Response) throws {
        record.status = response.status
        record.firstByte = .now
        let hasBody = !isHead && !Self.isBodiless(response.status)
        guard hasBody, case .stream(let produce) = response.body else {
            writeHead(of: response, to: stream)
            guard hasBody, case .bytes(let bytes) = response.body else { return }
            guard bytes.withUnsafeBytes({ stream.write($0) }) else { throw ClientGone() }
            record.bytesToCaller = Int64(bytes.count)
            return
        }
        let writer = OutputWriter(stream, of: connection, clientRate: clientRate)
        defer {
            record.bytesToCaller = writer.count
            writer.invalidate()
        }
        if response.isBuffered {
            writeHead(of: response, to: stream)
        } else {
            try sendHeadAlone(of: response, to: writer)
        }
        do {
            try produce(writer)
            // The buffered bytes go out with the request's end.
            try writer.awaitClient()
            try requireLength(response.headers[.contentLength], writer.count)
        } catch {
            if !(error is ClientGone) { writer.breakOff(isBuffered: response.isBuffered) }
            throw error
        }
    }

    /// Sends the head of an answer that nginx must not buffer. It passes the head on at once only if
    /// nothing comes with it, not even the library's padding.
    private func sendHeadAlone(of response: Response, to writer: OutputWriter) throws {
        let head = HeadBytes()
        head.write("X-Accel-Buffering: no\r\n")
        writeHead(of: response, to: head)
        try head.bytes.withUnsafeBytes { try writer.sendAtOnce($0) }
    }

    private func writeHead(of response: Response, to stream: some ByteSink) {
        stream.write("Status: ")
        stream.write(String(response.status.code))
        stream.write(" ")
        stream.write(ReasonPhrases.phrase(of: response.status))
        let length = length(of: response)
        let saysLength = length != nil || Self.isBodiless(response.status)
        stream.write("\r\n")
        for field in response.headers where !Self.isOurs(field, saysLength: saysLength) {
            field.withUnsafeBytesOfLine { _ = stream.write($0) }
        }
        if let length {
            stream.write("Content-Length: ")
            stream.write(String(length))
            stream.write("\r\n")
        }
        stream.write("\r\n")
    }

    /// Returns the length to declare; `nil` when it is unknown or must not be declared
    /// (RFC 9110 §8.6).
    private func length(of response: Response) -> Int? {
        if Self.isBodiless(response.status) { return nil }
        switch response.body {
        case .bytes(let bytes): return bytes.count
        case .empty where response.headers.contains(.contentLength): return nil
        // What GET's length would be is not known here.
        case .empty: return isHead ? nil : 0
        case .stream: return nil
        }
    }

    /// Whether only we may send the field: `Status` would overrule our own line, as nginx obeys it.
    ///
    /// - Parameter saysLength: Whether the length is for us to say, or to leave unsaid.
    private static func isOurs(_ field: HeaderField, saysLength: Bool) -> Bool {
        field.isNamed(status) || (saysLength && field.isNamed(.contentLength))
    }

    private static let status = HTTPField.Name.known("Status")

    private static func isBodiless(_ status: HTTPResponse.Status) -> Bool {
        status == .noContent || status == .notModified || status.kind == .informational
    }

    private func requireLength(_ declared: String?, _ written: Int64) throws {
        if let declared, Int64(declared) != written {
            throw BodyLengthMismatch(declared: declared, written: written)
        }
    }
}

/// A sink that collects a head.
private final class HeadBytes: ByteSink {
    private(set) var bytes: [UInt8] = []

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        self.bytes.append(contentsOf: bytes)
        return true
    }
}

/// A streamed body is shorter or longer than its own Content-Length.
struct BodyLengthMismatch: Error, CustomStringConvertible {
    let declared: String
    let written: Int64

    var description: String { "the body has \(written) bytes, not \(declared) as declared" }
}
