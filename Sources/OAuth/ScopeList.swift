import Encoding

/// Scopes as providers write those that they granted.
enum ScopeList {
    /// Returns scopes separated by spaces (RFC 6749 §3.3), from a text or a list of texts; a text
    /// without any space is split at commas. A name with a character that no scope has is left out:
    /// without that character it would be another scope. `nil` when nothing is left.
    static func text(_ value: JSONValue) -> String? {
        let texts = value.elements?.compactMap(\.stringValue)
        let text = texts.map { $0.joined(separator: " ") } ?? value.stringValue ?? ""
        let names = text.split(whereSeparator: \.isWhitespace)
        let scopes = (names.count > 1 ? names : names.flatMap { $0.split(separator: ",") })
            .filter { $0.utf8.allSatisfy(\.isScopeCharacter) }
        return scopes.isEmpty ? nil : scopes.joined(separator: " ")
    }
}
