import Addressing

/// The destination of a request.
package enum Destination: Sendable, CustomStringConvertible {
    case url(AbsoluteURL)
    /// A text that is parsed when the request is sent.
    case text(String)

    package var description: String {
        switch self {
        case .url(let url): url.description
        case .text(let text): text
        }
    }

    /// Returns the URL that is called.
    ///
    /// - Throws: ``HTTPClientError/badURL(_:)`` for a text about whose host two parsers could
    ///   disagree, and for a scheme that is not allowed.
    func url(allowHTTP: Bool) throws(HTTPClientError) -> AbsoluteURL {
        guard let url = parsed else { throw .badURL("not an http or https URL in its plain form") }
        guard url.origin.isSecure || allowHTTP else { throw .badURL("scheme not allowed") }
        // RFC 3986 §2: a URL is visible ASCII.
        guard url.isASCII else { throw .badURL("a byte that may not stand in a URL") }
        return url
    }

    private var parsed: AbsoluteURL? {
        switch self {
        case .url(let url): url
        case .text(let text): AbsoluteURL(text)
        }
    }
}
