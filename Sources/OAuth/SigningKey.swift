import Crypto
import CryptoExtras
import FoundationEssentials

/// A private key, and the algorithm by which it signs.
package struct SigningKey: Sendable {
    package let algorithm: SigningAlgorithm
    private let key: Key

    /// Reads a key from PEM: PKCS#8, PKCS#1 (RSA) or SEC 1 (elliptic curves).
    ///
    /// - Parameter algorithm: `nil` takes the key's own: RS256, ES256, ES384 or EdDSA.
    /// - Throws: ``OAuthError/badKey(_:)``, which says what to do and shows nothing of the key.
    package init(pem: String, algorithm: SigningAlgorithm? = nil) throws(OAuthError) {
        try self.init(Key(Self.privateKey(in: pem)), algorithm)
    }

    private init(_ key: Key, _ algorithm: SigningAlgorithm?) throws(OAuthError) {
        self.key = key
        self.algorithm = algorithm ?? key.algorithms[0]
        guard key.algorithms.contains(self.algorithm) else {
            let names = key.algorithms.map(\.rawValue).joined(separator: " or ")
            throw .badKey(
                "\(self.algorithm.rawValue) needs a key of another kind: it is for \(names)")
        }
    }

    /// Returns the same key, signing by that algorithm; `nil` leaves it as it is.
    ///
    /// - Throws: ``OAuthError/badKey(_:)`` when the key is not for it.
    package func signing(by algorithm: SigningAlgorithm?) throws(OAuthError) -> SigningKey {
        try SigningKey(key, algorithm ?? self.algorithm)
    }

    /// Returns the only private key among a text's blocks.
    private static func privateKey(in pem: String) throws(OAuthError) -> PEMBlock {
        let blocks = try PEMBlock.all(in: pem)
        let keys = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
        guard let key = keys.first else { throw .badKey(whatIsMissing(blocks)) }
        guard keys.count == 1 else {
            throw .badKey("there is more than one private key; leave only the one to be used")
        }
        guard !key.isEncrypted, key.label != "ENCRYPTED PRIVATE KEY" else {
            throw .badKey(
                "it is encrypted with a passphrase; write it without, with openssl pkey -in FILE")
        }
        guard ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"].contains(key.label) else {
            throw .badKey(
                "a \(key.label) is not read here; write it as PKCS#8, with openssl pkey -in FILE")
        }
        return key
    }

    private static func whatIsMissing(_ blocks: [PEMBlock]) -> String {
        if blocks.contains(where: { $0.label.contains("CERTIFICATE") }) {
            return "it is a certificate; the private key that belongs to it is needed"
        }
        if blocks.contains(where: { $0.label.hasSuffix("PUBLIC KEY") }) {
            return "it is a public key; the private key that belongs to it is needed"
        }
        return "it is no PEM text: -----BEGIN PRIVATE KEY----- must stand on a line of its own"
    }

    /// Returns the signature as JSON Web Signature wants it (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1).
    ///
    /// - Throws: ``OAuthError/badKey(_:)``.
    package func signature(over message: Data) throws(OAuthError) -> Data {
        do {
            return try key.signature(over: message, algorithm)
        } catch {
            throw .badKey("it does not sign")
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// Never the key: descriptions end in logs (SECURITY 26).
    package var description: String { "SigningKey(\(algorithm.rawValue))" }

    package var customMirror: Mirror { Mirror(self, children: ["algorithm": algorithm]) }
}

/// A private key of one of the kinds that are known here.
private enum Key: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)

    /// The algorithms by which it can sign, its own first.
    var algorithms: [SigningAlgorithm] {
        switch self {
        case .rsa: [.rs256, .ps256]
        case .p256: [.es256]
        case .p384: [.es384]
        case .ed25519: [.edDSA]
        }
    }

    /// Reads the kind from the key's object identifier: the bytes of one curve's key would be valid
    /// for another curve.
    init(_ block: PEMBlock) throws(OAuthError) {
        let bytes = block.bytes
        do {
            if block.label == "RSA PRIVATE KEY" || bytes.contains(ObjectIdentifier.rsa) {
                self = .rsa(try .init(unsafeDERRepresentation: bytes))
            } else if bytes.contains(ObjectIdentifier.p256) {
                self = .p256(try .init(derRepresentation: bytes))
            } else if bytes.contains(ObjectIdentifier.p384) {
                self = .p384(try .init(derRepresentation: bytes))
            } else if bytes.contains(ObjectIdentifier.ed25519) {
                self = .ed25519(try .init(derRepresentation: bytes))
            } else {
                throw OAuthError.badKey(
                    "it is of a kind that is not used here; make one with RSA, P-256 or P-384")
            }
        } catch let error as OAuthError {
            throw error
        } catch CryptoKitError.incorrectParameterSize {
            throw .badKey(Self.tooShort)
        } catch {
            throw .badKey("its content is damaged; take the whole file once more")
        }
        // RFC 7518 §3.3.
        if case .rsa(let key) = self, key.keySizeInBits < 2048 { throw .badKey(Self.tooShort) }
    }

    private static let tooShort =
        "it is too short; make an RSA key of at least 2048 bits, and register that"

    func signature(over message: Data, _ algorithm: SigningAlgorithm) throws -> Data {
        switch self {
        case .rsa(let key):
            try key.signature(
                for: SHA256.hash(data: message),
                padding: algorithm == .ps256 ? .PSS : .insecurePKCS1v1_5
            ).rawRepresentation
        case .p256(let key): try key.signature(for: message).rawRepresentation
        case .p384(let key): try key.signature(for: message).rawRepresentation
        case .ed25519(let key): try key.signature(for: message)
        }
    }
}

/// The kinds of keys, as DER writes their identifiers.
private enum ObjectIdentifier {
    /// 1.2.840.113549.1.1.1 (RFC 8017 appendix C)
    static let rsa: [UInt8] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]
    /// 1.2.840.10045.3.1.7 (RFC 5480 §2.1.1.1)
    static let p256: [UInt8] = [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]
    /// 1.3.132.0.34
    static let p384: [UInt8] = [6, 5, 0x2B, 0x81, 0x04, 0, 0x22]
    /// 1.3.101.112 (RFC 8410 §3)
    static let ed25519: [UInt8] = [6, 3, 0x2B, 0x65, 0x70]
}
