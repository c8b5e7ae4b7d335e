/// A URL that a request may be sent to: absolute, of an allowed scheme, and so plain that no two
/// parsers could disagree about its host.
struct OutgoingURL {
    /// Scheme and authority as they are written: what idle connections are kept by. Another
    /// spelling only misses a reuse.
    let origin: String
    /// The authority as it stands in the field Host: without the scheme's own port (RFC 9110 §4.2).
    let host: String
    /// What stands behind the authority, path and query.
    let target: Substring

    /// - Throws: ``HTTPClientError/badURL(_:)``.
    init(_ text: String, allowHTTP: Bool) throws(HTTPClientError) {
        var copy = text
        let end = copy.withUTF8 { Self.endOfOrigin($0, allowHTTP: allowHTTP) }
        let index = copy.utf8.index(copy.utf8.startIndex, offsetBy: try end.get())
        origin = String(copy[..<index])
        target = copy[index...]
        let isSecure = origin.utf8.dropFirst(4).first.map { $0 | 0x20 } == UInt8(ascii: "s")
        let authority = origin.dropFirst(isSecure ? 8 : 7)
        let ownPort = isSecure ? ":443" : ":80"
        host = String(authority.hasSuffix(ownPort) ? authority.dropLast(ownPort.count) : authority)
    }

    private static func endOfOrigin(
        _ bytes: UnsafeBufferPointer<UInt8>, allowHTTP: Bool
    ) -> Result<Int, HTTPClientError> {
        let authority: Int
        if bytes.hasPrefix("https://") {
            authority = 8
        } else if allowHTTP, bytes.hasPrefix("http://") {
            authority = 7
        } else {
            return .failure(.badURL("scheme not allowed"))
        }
        // RFC 3986 §2: a URL is visible ASCII; a fragment is never sent.
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            return .failure(.badURL("a byte that may not stand in a URL"))
        }
        let end =
            bytes[authority...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
            ?? bytes.endIndex
        // No userinfo, nothing that a parser would decode, no backslash.
        let forbidden: StaticString = "@%\\"
        let isPlain = forbidden.withUTF8Buffer { forbidden in
            bytes[authority..<end].allSatisfy { !forbidden.contains($0) }
        }
        guard end > authority, isPlain else { return .failure(.badURL("host")) }
        return .success(end)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Compares ASCII letters without their case; `prefix` is in lower case.
    fileprivate func hasPrefix(_ prefix: StaticString) -> Bool {
        prefix.withUTF8Buffer { prefix in
            count >= prefix.count
                && zip(self, prefix).allSatisfy { byte, wanted in
                    byte == wanted || (byte | 0x20 == wanted && byte >= 0x41 && byte <= 0x5A)
                }
        }
    }
}
