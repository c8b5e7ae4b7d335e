import Crypto
import CryptoExtras
import Foundation
import OAuth
import Testing

@Suite struct SigningKeyTests {
    private static let p384 = P384.Signing.PrivateKey()

    private func refusal(_ pem: String, _ algorithm: SigningAlgorithm? = nil) -> String {
        let error = failure { _ = try SigningKey(pem: pem, algorithm: algorithm) }
        guard case .badKey(let text) = error else {
            Issue.record("no refusal but \(String(describing: error))")
            return ""
        }
        return text
    }

    @Test(arguments: [
        (Keys.rsa, SigningAlgorithm.rs256), (Keys.rsaPKCS1, .rs256), (Keys.p256, .es256),
        (Keys.p256SEC1, .es256), (Keys.ed25519, .edDSA), (p384.pemRepresentation, .es384),
    ])
    func `the algorithm follows from the key`(pem: String, algorithm: SigningAlgorithm) throws {
        #expect(try SigningKey(pem: pem).algorithm == algorithm)
        let fromWindows = pem.replacing("\n", with: "\r\n") + "\r\n"
        #expect(try SigningKey(pem: fromWindows).algorithm == algorithm)
        #expect(try SigningKey(pem: "Bag Attributes\n" + pem).algorithm == algorithm)
    }

    @Test func `a byte order mark before a key is passed over`() throws {
        #expect(try SigningKey(pem: "\u{FEFF}" + Keys.p256).algorithm == .es256)
    }

    @Test(arguments: [Keys.rsa, Keys.rsaPKCS1])
    func `RS256 signs as in RFC 7515 appendix A.2`(pem: String) throws {
        let message = """
            eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
            cGxlLmNvbS9pc19yb290Ijp0cnVlfQ
            """
        let signature = try SigningKey(pem: pem).signature(over: Data(message.utf8))
        #expect(
            base64URL(signature) == """
                cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5Y\
                Kt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6x\
                BArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6\
                BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_I\
                oypGlUPQGe77Rw
                """)
    }

    @Test func `EdDSA signs as in RFC 8037 appendix A.4`() throws {
        let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
        let signature = try SigningKey(pem: Keys.ed25519).signature(over: Data(message.utf8))
        // CryptoKit's signatures may have randomness; the public key is what counts.
        let key = try Curve25519.Signing.PrivateKey(pemRepresentation: Keys.ed25519).publicKey
        #expect(base64URL(key.rawRepresentation) == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        #expect(key.isValidSignature(signature, for: Data(message.utf8)))
    }

    @Test(arguments: [Keys.p256, Keys.p256SEC1])
    func `ES256 gives the two numbers side by side, valid for the public key (RFC 7515 A.3)`(
        pem: String
    ) throws {
        let message = Data("message".utf8)
        let signature = try SigningKey(pem: pem).signature(over: message)
        #expect(signature.count == 64)
        let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
        let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
        let key = try P256.Signing.PublicKey(
            rawRepresentation: try #require(data(base64URL: x)) + #require(data(base64URL: y)))
        #expect(key.isValidSignature(try .init(rawRepresentation: signature), for: message))
    }

    @Test func `ES384 is ECDSA with P-384 and SHA-384`() throws {
        let message = Data("message".utf8)
        let signature = try SigningKey(pem: Self.p384.pemRepresentation).signature(over: message)
        #expect(
            Self.p384.publicKey.isValidSignature(
                try .init(rawRepresentation: signature), for: SHA384.hash(data: message)))
    }

    @Test func `PS256 is RSA with PSS, where it is named`() throws {
        let message = Data("message".utf8)
        let key = try SigningKey(pem: Keys.rsa, algorithm: .ps256)
        #expect(key.algorithm == .ps256)
        let signature = _RSA.Signing.RSASignature(
            rawRepresentation: try key.signature(over: message))
        let publicKey = try _RSA.Signing.PrivateKey(pemRepresentation: Keys.rsa).publicKey
        let digest = SHA256.hash(data: message)
        #expect(publicKey.isValidSignature(signature, for: digest, padding: .PSS))
        #expect(!publicKey.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5))
    }

    @Test(arguments: [
        (Keys.rsa, SigningAlgorithm.es256), (Keys.p256, .rs256), (Keys.p256, .es384),
        (Keys.ed25519, .es256),
    ])
    func `an algorithm that does not go with the key is refused`(
        pem: String, algorithm: SigningAlgorithm
    ) {
        #expect(refusal(pem, algorithm).contains("\(algorithm.rawValue) needs a key of another"))
    }

    @Test(arguments: [Keys.encrypted, Keys.encryptedPKCS1])
    func `an encrypted key is refused, with the way out`(pem: String) {
        #expect(refusal(pem).contains("encrypted with a passphrase"))
        #expect(refusal(pem).contains("openssl pkey -in FILE"))
    }

    @Test(arguments: [1_024, 1_536])
    func `an RSA key under 2048 bits is refused`(bits: Int) throws {
        let key = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: bits))
        #expect(refusal(key.pkcs8PEMRepresentation).contains("at least 2048 bits"))
        #expect(refusal(key.pemRepresentation).contains("at least 2048 bits"))
    }

    @Test(arguments: [
        (P256.Signing.PrivateKey().publicKey.pemRepresentation, "it is a public key"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "it is a certificate"),
        (Keys.p256 + "\n" + Keys.ed25519, "more than one private key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nMIIB\n-----END OPENSSH PRIVATE KEY-----", "PKCS#8"),
        (Keys.p256.replacing("\n", with: "\\n"), "on a line of its own"),
        ("s3cret", "it is no PEM text"), ("", "it is no PEM text"),
    ])
    func `what is no private key is refused for what it is`(pem: String, reason: String) {
        #expect(refusal(pem).contains(reason))
    }

    @Test(arguments: [
        Keys.secp256k1, Keys.x25519, P521.Signing.PrivateKey().pemRepresentation,
    ])
    func `a key of another curve is refused, and not taken for one of ours`(pem: String) {
        #expect(refusal(pem).contains("a kind that is not used here"))
    }

    @Test func `a certificate beside the key does no harm`() throws {
        let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        #expect(try SigningKey(pem: certificate + Keys.p256).algorithm == .es256)
    }

    @Test func `a key whose text is damaged is refused, wherever it is cut`() {
        for key in [Keys.rsa, Keys.p256, Keys.ed25519] {
            let end = "\n-----END PRIVATE KEY-----"
            // Up to the padding, without which the text is no Base64.
            for length in stride(from: 30, to: key.count - end.count - 4, by: 7) {
                let cut = String(key.prefix(length))
                #expect(failure { _ = try SigningKey(pem: cut) } != nil)
                #expect(failure { _ = try SigningKey(pem: cut + end) } != nil)
            }
        }
    }

    @Test func `a file that is far too long for a key is not read`() {
        let pem = Keys.rsa + String(repeating: "\n", count: 100_000)
        #expect(refusal(pem).contains("too long"))
    }

    @Test func `neither a key nor a refusal shows any of it (SECURITY 26)`() throws {
        for pem in [Keys.rsa, Keys.p256, Keys.ed25519] {
            let key = try SigningKey(pem: pem)
            var dumped = ""
            dump(key, to: &dumped)
            #expect(dumped.contains(key.algorithm.rawValue) || dumped.contains("algorithm"))
            #expect("\(key) \(dumped)".utf8.count < 200)
            let text = pem.split(separator: "\n")[1].prefix(12)
            #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains(text))
            let damaged = pem.replacing("-----END PRIVATE", with: "-----END")
            #expect(!refusal(damaged).contains(text))
        }
    }
}

/// Base64 for URLs, without padding (RFC 4648 §5).
func base64URL(_ data: Data) -> String {
    data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: "")
}

func data(base64URL text: some StringProtocol) -> Data? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    return Data(
        base64Encoded: String(text).replacing("-", with: "+").replacing("_", with: "/") + padding)
}
