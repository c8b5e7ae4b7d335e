import Encoding

/// An assertion in exchange for which a provider gives a token: its issuer may act, for itself or
/// for a user (RFC 7523 §2.1, §3).
package struct BearerAssertion: Sendable {
    /// The owner of the key that signs it: a client's id, or a service account's address.
    package var issuer: String
    /// The user to act for; `nil` leaves it to the provider, and Google then takes the issuer.
    package var subject: String?
    /// The provider's issuer, or the URL of its token endpoint, whichever it wants.
    package var audience: String
    /// As a claim, which is where Google wants it.
    package var scope: String?
    /// The lifetime in seconds; an hour at most, which is Google's limit.
    package var lifetime: Int64

    package init(
        issuer: String, subject: String? = nil, audience: String, scope: String? = nil,
        lifetime: Int64 = 300
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.scope = scope
        self.lifetime = lifetime
    }

    /// - Parameters:
    ///   - now: Seconds since 1970.
    ///   - id: A text that was never used before.
    /// - Throws: ``OAuthError/badKey(_:)``.
    package func signed(
        by key: SigningKey, keyID: String? = nil, now: Int64,
        id: String = RandomToken.make(bits: 128)
    ) throws(OAuthError) -> JSONWebToken {
        var claims: [(String, JSONValue)] = [("iss", .string(issuer))]
        if let subject { claims.append(("sub", .string(subject))) }
        claims.append(("aud", .string(audience)))
        if let scope { claims.append(("scope", .string(scope))) }
        claims += [
            ("iat", .integer(now)), ("exp", .integer(now + min(max(lifetime, 1), 3_600))),
            ("jti", .string(id)),
        ]
        return try JSONWebToken(claims: claims, signedBy: key, keyID: keyID)
    }
}
