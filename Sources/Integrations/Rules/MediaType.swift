/// A type of content, as `Content-Type` names it (RFC 9110 §8.3.1).
package enum MediaType {
    /// The type and subtype in small letters, without parameters; `nil` when it is malformed.
    package static func essence(of part: Substring) -> String? {
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
