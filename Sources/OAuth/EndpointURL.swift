import Encoding

/// The URL of a provider's endpoint, looked at byte by byte: what is sent is what was configured.
struct EndpointURL {
    let text: String
    /// Scheme, host and port.
    let origin: Substring

    /// - Throws: ``OAuthError/badEndpoint(_:)`` unless it is an absolute http or https URL without
    ///   fragment (RFC 6749 §3.1, §3.2) and without a byte that has no place in a URL. Whether
    ///   http is allowed at all is the transport's to say.
    init(_ text: String) throws(OAuthError) {
        guard text.utf8.allSatisfy(Self.isAllowed) else {
            throw .badEndpoint("it has a character that has no place in a URL")
        }
        guard let scheme = ["https://", "http://"].first(where: text.lowercased().hasPrefix),
            let host = text.dropFirst(scheme.count).utf8.first, !"/?#".utf8.contains(host)
        else { throw .badEndpoint("it is not an absolute http or https URL") }
        guard !text.utf8.contains(UInt8(ascii: "#")) else {
            throw .badEndpoint("it has a fragment")
        }
        self.text = text
        let authority = text.dropFirst(scheme.count)
        origin = text[..<(authority.firstIndex { $0 == "/" || $0 == "?" } ?? text.endIndex)]
    }

    /// What stands between the origin and the query.
    var path: Substring {
        text[origin.endIndex...].prefix { $0 != "?" }
    }

    /// What follows the first `?`.
    var query: Substring? {
        text.firstIndex(of: "?").map { text[text.index(after: $0)...] }
    }

    /// The URL with more behind its query, which is kept as it is (RFC 6749 §3.1).
    func appending(query more: String) -> String {
        guard let query else { return "\(text)?\(more)" }
        return query.isEmpty || query.hasSuffix("&") ? text + more : "\(text)&\(more)"
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte.isASCIIVisible && !#""<>\^`{|}"#.utf8.contains(byte)
    }
}
