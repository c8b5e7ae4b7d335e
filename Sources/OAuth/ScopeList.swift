import Encoding

/// Scopes as providers write those that they granted.
enum ScopeList {
    /// Separated by spaces (RFC 6749 §3.3), from a text or a list of texts; a text without any space
    /// is one with commas. `nil` when it is neither, or empty.
    static func text(_ value: JSONValue) -> String? {
        let texts = value.elements?.compactMap(\.stringValue)
        let text = texts.map { $0.joined(separator: " ") } ?? value.stringValue
        guard let text, !text.isEmpty else { return nil }
        return text.contains(" ") ? text : text.replacing(",", with: " ")
    }
}
