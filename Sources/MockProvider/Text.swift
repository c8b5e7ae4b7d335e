import Crypto
import FoundationEssentials

/// The encodings of bytes as text that the protocol uses, and hashes of texts.
package enum Text {
    /// Returns Base64 for URLs, without padding (RFC 4648 §5).
    package static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        base64(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    package static func base64(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
    }

    /// Decodes a text in Base64; `nil` when it is not Base64, or its bytes are not UTF-8.
    static func decodeBase64(_ text: String) -> String? {
        Data(base64Encoded: text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = [UInt8]("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Returns the SHA-256 of a text, in base64url: the S256 challenge of a verifier
    /// (RFC 7636 §4.6).
    package static func s256(_ text: String) -> String {
        base64URL(SHA256.hash(data: Data(text.utf8)))
    }

    /// Returns the SHA-256 of a text, in Base64: the form of a Content-Security-Policy.
    static func base64OfHash(_ text: String) -> String {
        base64(SHA256.hash(data: Data(text.utf8)))
    }

    /// Returns the HMAC-SHA256 of a text, in hexadecimal (RFC 2104).
    package static func hmac(_ text: String, key: String) -> String {
        hexadecimal(
            HMAC<SHA256>.authenticationCode(
                for: Data(text.utf8), using: SymmetricKey(data: Data(key.utf8))))
    }

    /// Returns a name for a secret that does not reveal it: the start of its SHA-256, in
    /// hexadecimal.
    package static func fingerprint(_ secret: String) -> String {
        hexadecimal(SHA256.hash(data: Data(secret.utf8)).prefix(6))
    }

    /// Returns whether two secrets are the same, in a time that does not show where they differ.
    static func areEqual(_ one: String, _ other: String) -> Bool {
        let hashes = [one, other].map { [UInt8](SHA256.hash(data: Data($0.utf8))) }
        return zip(hashes[0], hashes[1]).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
