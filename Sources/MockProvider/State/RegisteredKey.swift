import Crypto
import CryptoExtras
import FoundationEssentials

/// The public key of a client, which verifies its assertions.
package struct RegisteredKey: Equatable, Sendable {
    /// The text that was registered.
    package let pem: String
    private let key: Key

    /// - Returns: `nil` unless it is a public key in PEM: RSA of at least 2048 bits, P-256, P-384 or
    ///   Ed25519.
    package init?(pem: String) {
        guard let key = Key(pem: pem) else { return nil }
        self.pem = pem
        self.key = key
    }

    package static func == (left: RegisteredKey, right: RegisteredKey) -> Bool {
        left.pem == right.pem
    }

    /// Returns whether the signature is valid, by an algorithm that fits the key (RFC 7518 §3.1).
    /// The key determines these algorithms, not the token: never `none`, never a shared secret.
    func isValid(_ signature: Data, over message: Data, algorithm: String) -> Bool {
        switch (key, algorithm) {
        case (.rsa(let key), "RS256"):
            Self.isRSA(signature, over: message, key, .insecurePKCS1v1_5)
        case (.rsa(let key), "PS256"): Self.isRSA(signature, over: message, key, .PSS)
        case (.p256(let key), "ES256"):
            (try? P256.Signing.ECDSASignature(rawRepresentation: signature))
                .map { key.isValidSignature($0, for: message) } ?? false
        case (.p384(let key), "ES384"):
            (try? P384.Signing.ECDSASignature(rawRepresentation: signature))
                .map { key.isValidSignature($0, for: message) } ?? false
        case (.ed25519(let key), "EdDSA"): key.isValidSignature(signature, for: message)
        default: false
        }
    }

    private static func isRSA(
        _ signature: Data, over message: Data, _ key: _RSA.Signing.PublicKey,
        _ padding: _RSA.Signing.Padding
    ) -> Bool {
        key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature),
            for: SHA256.hash(data: message), padding: padding)
    }

    private enum Key: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)

        init?(pem: String) {
            if let key = try? P256.Signing.PublicKey(pemRepresentation: pem) {
                self = .p256(key)
            } else if let key = try? P384.Signing.PublicKey(pemRepresentation: pem) {
                self = .p384(key)
            } else if let key = try? Curve25519.Signing.PublicKey(pemRepresentation: pem) {
                self = .ed25519(key)
            } else if let key = try? _RSA.Signing.PublicKey(pemRepresentation: pem) {
                self = .rsa(key)
            } else {
                return nil
            }
        }
    }
}

extension MockSettings {
    /// Registers a client's public key, and the client, without a secret, if it is not registered
    /// yet.
    package mutating func register(_ key: RegisteredKey, for clientID: String) {
        clientKeys[clientID] = key
        if !clients.contains(where: { $0.id == clientID }) {
            clients.append(RegisteredClient(id: clientID, secret: nil))
        }
    }
}
