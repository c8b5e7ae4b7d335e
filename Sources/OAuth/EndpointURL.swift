import Addressing
import Encoding

/// The URL of a provider's endpoint, checked byte by byte: it is sent exactly as configured.
struct EndpointURL {
    let text: String
    let url: AbsoluteURL

    /// - Throws: ``OAuthError/badEndpoint(_:)`` unless it is an absolute http or https URL without
    ///   fragment (RFC 6749 §3.1, §3.2) and without a byte that has no place in a URL. Whether
    ///   http is allowed is for the transport to decide.
    init(_ text: String) throws(OAuthError) {
        guard text.utf8.allSatisfy(Self.isAllowed) else {
            throw .badEndpoint("it has a character that has no place in a URL")
        }
        guard !text.utf8.contains(UInt8(ascii: "#")) else {
            throw .badEndpoint("it has a fragment")
        }
        guard let url = AbsoluteURL(text) else {
            throw .badEndpoint("it is not an absolute http or https URL")
        }
        self.text = text
        self.url = url
    }

    /// Returns the URL with more behind its query, which is kept as it is (RFC 6749 §3.1).
    func appending(query more: String) -> String {
        guard let query = url.query else { return "\(text)?\(more)" }
        return query.isEmpty || query.hasSuffix("&") ? text + more : "\(text)&\(more)"
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte.isASCIIVisible && !#""<>\^`{|}"#.utf8.contains(byte)
    }
}
