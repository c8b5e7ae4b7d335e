import Encoding

/// A client's signed word that it is itself: `private_key_jwt` (RFC 7523 §2.2, §3).
struct ClientAssertion {
    /// The time for which it is valid, in seconds. It is used at once, and once (SECURITY 15).
    static let lifetime: Int64 = 60

    private let token: JSONWebToken

    /// - Throws: ``OAuthError/badKey(_:)``.
    init(clientID: String, key: ClientKey) throws(OAuthError) {
        let now = key.now()
        token = try JSONWebToken(
            claims: [
                ("iss", .string(clientID)), ("sub", .string(clientID)),
                ("aud", .string(key.audience)), ("iat", .integer(now)),
                ("exp", .integer(now + Self.lifetime)), ("jti", .string(key.makeID())),
            ], signedBy: key.signingKey, keyID: key.keyID)
    }

    /// The parameters that are sent beside the client's id.
    var fields: [(String, String)] {
        [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", token.compact),
        ]
    }
}
