/// The means by which a client authenticates with `private_key_jwt`: its key, and the audience.
package struct ClientKey: Sendable {
    let signingKey: SigningKey
    let keyID: String?
    let audience: String
    let now: @Sendable () -> Int64
    let makeID: @Sendable () -> String

    /// - Parameters:
    ///   - keyID: As registered with the provider.
    ///   - issuer: The provider's; it alone is the audience (SECURITY 15).
    ///   - tokenEndpoint: Stands for the issuer where none is known (RFC 7523 §3).
    ///   - now: Seconds since 1970.
    ///   - makeID: Returns a text that was never used before; called for each assertion.
    package init(
        signingKey: SigningKey, keyID: String? = nil, issuer: String?, tokenEndpoint: String,
        now: @escaping @Sendable () -> Int64,
        makeID: @escaping @Sendable () -> String = { RandomToken.make(bits: 128) }
    ) {
        self.signingKey = signingKey
        self.keyID = keyID
        audience = issuer ?? tokenEndpoint
        self.now = now
        self.makeID = makeID
    }
}

extension ClientKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "ClientKey(\(signingKey.algorithm.rawValue))" }

    package var customMirror: Mirror { Mirror(self, children: ["audience": audience]) }
}
