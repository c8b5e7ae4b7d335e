import Crypto
import Encoding

/// The secret that ties a token request to its authorization request (PKCE, RFC 7636).
package struct CodeVerifier: Sendable {
    package let text: String

    /// Creates a new verifier: 256 random bits in 43 characters (RFC 7636 §4.1).
    package init() {
        text = RandomToken.make()
    }

    /// Reads an existing verifier; `nil` unless it has 43 to 128 unreserved characters.
    package init?(_ text: String) {
        guard (43...128).contains(text.utf8.count), text.utf8.allSatisfy(\.isUnreserved) else {
            return nil
        }
        self.text = text
    }

    /// The challenge for the authorization request, by the method S256 (RFC 7636 §4.2).
    package var challenge: String {
        Base64.encodeForURL(SHA256.hash(data: Array(text.utf8)))
    }
}

extension CodeVerifier: CustomStringConvertible, CustomReflectable {
    /// Never the text: descriptions end in logs (SECURITY 26).
    package var description: String { "CodeVerifier(hidden)" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
