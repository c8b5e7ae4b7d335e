import CCurl
import HTTPTypes

/// The header lines of one request as libcurl's linked list, in memory that is used again for the
/// next request. Not Sendable: libcurl reads it during the transfer, on the transfer's thread.
final class HeaderLines {
    /// Fields that say where the message ends, or what the connection does: libcurl writes them.
    private static let ours: Set<HTTPField.Name> = Set(
        [
            .connection, .contentLength, .expect, .te, .trailer, .transferEncoding, .upgrade,
            .proxyAuthorization,
        ] + ["Host", "Keep-Alive", "Proxy-Connection"].compactMap { HTTPField.Name($0) })

    private var bytes: UnsafeMutableBufferPointer<CChar>
    private var used = 0
    private var nodes: UnsafeMutableBufferPointer<curl_slist>
    private var starts: [Int] = []

    init() {
        bytes = .allocate(capacity: 4_096)
        nodes = .allocate(capacity: 32)
        starts.reserveCapacity(32)
    }

    deinit {
        bytes.deallocate()
        nodes.deallocate()
    }

    /// Takes the fields of a request, and keeps libcurl from adding fields of its own.
    ///
    /// - Parameter hasBody: Whether libcurl is going to send a body, an empty one included.
    /// - Throws: ``HTTPClientError/badRequest(_:)`` for a field that can't be sent.
    func fill(with fields: HTTPFields, hasBody: Bool) throws(HTTPClientError) {
        used = 0
        starts.removeAll(keepingCapacity: true)
        var hasAccept = false
        var hasContentType = false
        for field in fields {
            guard !Self.ours.contains(field.name) else {
                throw .badRequest("\(field.name) is not the caller's to set")
            }
            if field.name == .accept { hasAccept = true }
            if field.name == .contentType { hasContentType = true }
            try append(field)
        }
        // For libcurl a name and nothing behind the colon means: don't send it.
        if !hasAccept { append(line: "Accept:") }
        if hasBody { append(line: "Expect:") }
        if hasBody, !hasContentType { append(line: "Content-Type:") }
    }

    /// The list for `CURLOPT_HTTPHEADER`; valid until the next `fill`.
    func list() -> UnsafeMutablePointer<curl_slist>? {
        if nodes.count < starts.count {
            nodes.deallocate()
            nodes = .allocate(capacity: starts.count * 2)
        }
        guard let text = bytes.baseAddress, let first = nodes.baseAddress else { return nil }
        for (index, start) in starts.enumerated() {
            let next = index + 1 < starts.count ? first + index + 1 : nil
            (first + index).initialize(to: curl_slist(data: text + start, next: next))
        }
        return starts.isEmpty ? nil : first
    }

    private func append(_ field: HTTPField) throws(HTTPClientError) {
        let name = field.name.rawName
        try field.withUnsafeBytesOfValue { value throws(HTTPClientError) in
            // HTTPField cleans its values; this is where a mistake would reach the wire.
            guard !value.contains(where: { $0 == 0x0D || $0 == 0x0A || $0 == 0 }) else {
                throw .badRequest("a line break or NUL in \(name)")
            }
            starts.append(used)
            append(name.utf8)
            // For libcurl "Name;" is the field with an empty value.
            let isBlank = value.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            append(isBlank ? [0x3B] : [0x3A, 0x20])
            if !isBlank { append(value) }
            append(CollectionOfOne(0))
        }
    }

    private func append(line: StaticString) {
        starts.append(used)
        line.withUTF8Buffer { append($0) }
        append(CollectionOfOne(0))
    }

    private func append(_ more: some Collection<UInt8>) {
        let end = used + more.count
        if end > bytes.count { grow(to: end * 2) }
        for byte in more {
            bytes[used] = CChar(bitPattern: byte)
            used += 1
        }
    }

    private func grow(to capacity: Int) {
        let larger = UnsafeMutableBufferPointer<CChar>.allocate(capacity: capacity)
        _ = larger.moveInitialize(fromContentsOf: bytes[..<used])
        bytes.deallocate()
        bytes = larger
    }
}
