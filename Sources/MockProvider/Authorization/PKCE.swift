import Encoding

/// Proof Key for Code Exchange (RFC 7636), S256 only.
enum PKCE {
    /// Returns whether a verifier matches the challenge (RFC 7636 §4.6).
    static func verify(_ verifier: String, challenge: String) -> Bool {
        isVerifier(verifier) && Text.s256(verifier) == challenge
    }

    /// Returns whether a text has 43 to 128 unreserved characters (RFC 7636 §4.1).
    static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.utf8.allSatisfy(\.isUnreserved)
    }
}
