import Encoding

/// Parsing of a media type, as `Content-Type` names it (RFC 9110 §8.3.1).
package enum MediaType {
    /// Returns type and subtype in lower case, without parameters; `nil` for a malformed text.
    package static func essence(of part: Substring) -> String? {
        var rest = part.utf8.drop(while: \.isASCIIBlank)
        let type = rest.prefix(while: \.isTokenCharacter)
        rest = rest[type.endIndex...]
        guard !type.isEmpty, rest.popFirst() == UInt8(ascii: "/") else { return nil }
        let subtype = rest.prefix(while: \.isTokenCharacter)
        rest = rest[subtype.endIndex...].drop(while: \.isASCIIBlank)
        guard !subtype.isEmpty, rest.isEmpty || rest.first == UInt8(ascii: ";") else { return nil }
        return "\(Substring(type))/\(Substring(subtype))".lowercased()
    }
}
