import Integrations

/// The types of content that a browser would run, or might: markup, style sheets of XML, scripts,
/// pages in several parts, and content that it installs.
package enum ActiveTypes {
    /// Whether an answer's `Content-Type`, several of them joined by commas, may mean one of them.
    /// A value that is no readable type may be taken for any (RFC 9110 §8.3.1).
    static func mayBeIn(_ contentType: String) -> Bool {
        // Of several types, readers take the first or the last.
        contentType.split(separator: ",", omittingEmptySubsequences: false).contains { part in
            guard let type = MediaType.essence(of: part) else { return true }
            return isActive(type)
        }
    }

    private static func isActive(_ type: String) -> Bool {
        beginnings.contains { type.hasPrefix($0) } || texts.contains { type.contains($0) }
    }

    private static let beginnings = [
        "multipart/", "message/", "application/x-xpinstall", "application/x-apple-aspen",
        "application/hta", "text/x-component",
    ]
    private static let texts = [
        "html", "xml", "svg", "script", "xsl", "mht", "java", "flash",
    ]
}
