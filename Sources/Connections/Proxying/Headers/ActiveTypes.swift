/// The types of content that a browser would run, or might: markup, style sheets of XML, scripts,
/// pages in several parts, what it installs.
enum ActiveTypes {
    /// Whether an answer's `Content-Type`, several of them joined by commas, may stand for one.
    /// What cannot be read as a type may be taken for any (RFC 9110 §8.3.1).
    static func mayBeIn(_ contentType: String) -> Bool {
        // Of several types, readers take the first or the last.
        contentType.split(separator: ",", omittingEmptySubsequences: false).contains { part in
            guard let type = type(in: part) else { return true }
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

    /// The type and subtype in small letters, without parameters; `nil` when it is malformed.
    static func type(in part: Substring) -> String? {
        var rest = part.utf8.drop(while: isSpace)
        let type = rest.prefix(while: isTokenByte)
        rest = rest[type.endIndex...]
        guard !type.isEmpty, rest.popFirst() == UInt8(ascii: "/") else { return nil }
        let subtype = rest.prefix(while: isTokenByte)
        rest = rest[subtype.endIndex...].drop(while: isSpace)
        guard !subtype.isEmpty, rest.isEmpty || rest.first == UInt8(ascii: ";") else { return nil }
        return "\(Substring(type))/\(Substring(subtype))".lowercased()
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !#"(),/:;<=>?@[\]{}""#.utf8.contains(byte)
    }
}
