import Encoding
import FoundationEssentials

/// Signed claims (RFC 7519), in the compact form (RFC 7515 §7.1).
package struct JSONWebToken: Sendable {
    /// Header, claims and signature.
    package let compact: String

    /// - Parameter keyID: By which the receiver finds the public key (RFC 7515 §4.1.4).
    /// - Throws: ``OAuthError/badKey(_:)``.
    init(
        claims: [(String, JSONValue)], signedBy key: SigningKey, keyID: String?
    ) throws(OAuthError) {
        var header: [(String, JSONValue)] = [
            ("alg", .string(key.algorithm.rawValue)), ("typ", "JWT"),
        ]
        if let keyID { header.append(("kid", .string(keyID))) }
        // RFC 7515 §5.1: the signature covers the text as it is sent.
        let signed = [header, claims]
            .map { Base64.encodeForURL(JSONValue.object($0).encoded()) }
            .joined(separator: ".")
        let signature = try key.signature(over: Data(signed.utf8))
        compact = "\(signed).\(Base64.encodeForURL(signature))"
    }
}

extension JSONWebToken: CustomStringConvertible, CustomReflectable {
    /// A text without the token: its bearer is trusted, and descriptions are logged (SECURITY 26).
    package var description: String { "JSONWebToken(hidden)" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
