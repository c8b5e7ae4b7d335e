import Encoding

/// Parsing of scopes in the protocol's form (RFC 6749 §3.3).
enum Scope {
    /// Returns the tokens of a scope; `nil` when the text is not a scope.
    static func parse(_ text: String) -> [String]? {
        let tokens = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard tokens.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isScopeCharacter) }) else {
            return nil
        }
        return tokens
    }
}
