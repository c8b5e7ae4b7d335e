/// Proof Key for Code Exchange (RFC 7636), S256 only.
enum PKCE {
    /// Whether this is the verifier of that challenge (RFC 7636 §4.6).
    static func verify(_ verifier: String, challenge: String) -> Bool {
        isVerifier(verifier) && Text.s256(verifier) == challenge
    }

    /// RFC 7636 §4.1: 43 to 128 unreserved characters.
    static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                isBase64URL($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "~")
            }
    }

    static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
