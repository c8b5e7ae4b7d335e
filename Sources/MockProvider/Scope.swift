import Encoding

/// Scopes as the protocol writes them (RFC 6749 §3.3).
enum Scope {
    /// The tokens of a scope text; `nil` when it is not one.
    static func parse(_ text: String) -> [String]? {
        let tokens = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard tokens.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isScopeCharacter) }) else {
            return nil
        }
        return tokens
    }
}
