/// A URL that may be handed to libcurl: absolute, of an allowed scheme, and so plain that no two
/// parsers could disagree about its host.
struct OutgoingURL {
    let text: String
    /// Scheme and authority as they are written: what idle connections are kept by. libcurl itself
    /// decides whether one fits, so that another spelling only misses a reuse.
    let origin: String

    /// - Throws: ``HTTPClientError/badURL(_:)``.
    init(_ text: String, allowHTTP: Bool) throws(HTTPClientError) {
        var copy = text
        let end = copy.withUTF8 { Self.endOfOrigin($0, allowHTTP: allowHTTP) }
        self.text = text
        self.origin = String(decoding: copy.utf8.prefix(try end.get()), as: UTF8.self)
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
        // No userinfo, nothing that libcurl would decode, no backslash.
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
