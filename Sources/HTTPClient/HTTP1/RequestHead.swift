import HTTPTypes
import Headers

/// The head of a request, as the bytes that are sent (RFC 9112 §3).
struct RequestHead {
    /// The fields that govern the message's end or the connection: they are written here.
    private static let ours = FieldNameSet(names: [
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ])

    private(set) var bytes: [UInt8] = []

    /// - Throws: ``HTTPClientError/badRequest(_:)`` for a request that cannot be sent as it stands.
    init(_ request: OutgoingRequest, userAgent: String) throws(HTTPClientError) {
        let method = request.method
        let url = request.url
        guard method != .connect, method != .trace else { throw .badRequest("method \(method)") }
        // RFC 9110 §9.3.2: content in a HEAD request means nothing.
        if method == .head, !request.body.isNone { throw .badRequest("HEAD with a body") }
        bytes.reserveCapacity(1_024)
        bytes += method.rawValue.utf8
        bytes.append(0x20)
        if url.target.utf8.first != UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
        bytes += url.target.utf8
        append(" HTTP/1.1\r\nHost: ")
        bytes += url.origin.authority
        append("\r\n")
        if !request.headers.contains(.userAgent) {
            append("User-Agent: ")
            bytes += userAgent.utf8
            append("\r\n")
        }
        for field in request.headers { try append(field) }
        appendFraming(of: request.body, method)
        append("\r\n")
    }

    private mutating func append(_ field: HeaderField) throws(HTTPClientError) {
        guard !Self.ours.contains(field) else {
            throw .badRequest("\(field.rawName) is not the caller's to set")
        }
        if field.valueCount == 0 {
            field.withUnsafeBytesOfName { bytes += $0 }
            append(":\r\n")
        } else {
            // The line has no other CR, LF or NUL than its end's: ``HeaderFields`` sees to that.
            field.withUnsafeBytesOfLine { bytes += $0 }
        }
    }

    /// Appends the framing fields. Methods that usually have content say when they have none
    /// (RFC 9112 §6, RFC 9110 §8.6).
    private mutating func appendFraming(of body: OutgoingBody, _ method: HTTPRequest.Method) {
        let length: Int64
        switch body {
        case .none:
            if method == .get || method == .head || method == .delete || method == .options {
                return
            }
            length = 0
        case .bytes(let content): length = Int64(content.count)
        case .stream(.some(let announced), _, _): length = announced
        case .stream(.none, _, _): return append("Transfer-Encoding: chunked\r\n")
        }
        append("Content-Length: ")
        bytes += String(length).utf8
        append("\r\n")
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes += $0 }
    }
}
