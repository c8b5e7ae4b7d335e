/// The algorithms that sign a JSON Web Token: values of `alg` (RFC 7518 §3.1, RFC 8037 §3.1). None
/// takes a shared secret, and `none` is not among them.
package enum SigningAlgorithm: String, Sendable, CaseIterable {
    /// RSA with the padding of PKCS#1 v1.5, and SHA-256.
    case rs256 = "RS256"
    /// RSA with PSS, and SHA-256.
    case ps256 = "PS256"
    /// ECDSA with P-256 and SHA-256.
    case es256 = "ES256"
    /// ECDSA with P-384 and SHA-384.
    case es384 = "ES384"
    /// Ed25519.
    case edDSA = "EdDSA"
}
