import Encoding

/// Proof Key for Code Exchange (RFC 7636), S256 only.
enum PKCE {
    /// Whether this is the verifier of that challenge (RFC 7636 §4.6).
    static func verify(_ verifier: String, challenge: String) -> Bool {
        isVerifier(verifier) && Text.s256(verifier) == challenge
    }

    /// RFC 7636 §4.1: 43 to 128 unreserved characters.
    static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.utf8.allSatisfy(\.isUnreserved)
    }
}
