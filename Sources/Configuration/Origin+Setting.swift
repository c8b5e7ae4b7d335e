import Addressing
import Encoding

extension Origin {
    /// Reads an origin exactly as browsers write it in the field `Origin`:
    /// `https://grants.example.com`.
    ///
    /// - Throws: ``OriginError``, which says what to change.
    package init(_ text: String) throws(OriginError) {
        guard let url = AbsoluteURL(text), url.origin.description == text,
            Self.isRegistrable(url.origin)
        else { throw OriginError(Self.problem(of: text)) }
        self = url.origin
    }

    /// Whether a name's labels are possible in the DNS (RFC 1123 §2.1).
    private static func isRegistrable(_ origin: Origin) -> Bool {
        let labels = origin.host.split(separator: ".", omittingEmptySubsequences: false)
        return origin.address != nil
            || origin.host.utf8.count <= 253
                && labels.allSatisfy { label in
                    (1...63).contains(label.utf8.count)
                        && label.utf8.allSatisfy {
                            $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-")
                        }
                }
    }

    /// Returns the error in a text that is no origin.
    private static func problem(of text: String) -> String {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else {
            return "it has to begin with https:// (or http:// for local trials)"
        }
        let authority = text.dropFirst(scheme.utf8.count)
        if let end = authority.firstIndex(where: { "/?#".contains($0) }) {
            return "nothing may follow the host and port: write \(text[..<end])"
        }
        guard !authority.contains("@") else { return "a user name or password has no place in it" }
        let bracket = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : nil
        let hostEnd = authority[(bracket ?? authority.startIndex)...].firstIndex(of: ":")
        guard let bare = AbsoluteURL(String(text[..<(hostEnd ?? text.endIndex)]))?.origin,
            isRegistrable(bare)
        else {
            return bracket != nil
                ? "its IPv6 address is malformed"
                : "its host may hold letters, digits, dots and hyphens"
                    + " (an international name in its xn-- form)"
        }
        let origin = AbsoluteURL(text)?.origin
        if hostEnd != nil, origin == bare {
            return "browsers leave out the usual port: write \(bare)"
        }
        guard let origin, origin.description == text.lowercased() else {
            return "its port has to be a number from 1 to 65535"
        }
        return "browsers write it in lower case: \(origin)"
    }
}

/// The reason for which a text is no origin.
package struct OriginError: Error {
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
