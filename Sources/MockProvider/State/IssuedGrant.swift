/// The permission of a user (or of a client for itself), with the tokens issued for it.
struct IssuedGrant {
    let id: Int
    let clientID: String
    /// The user; `nil` for client credentials.
    let user: String?
    /// The scopes, in the order of the request.
    let scope: [String]
    /// The refresh tokens so far, the valid one last.
    var refreshTokens: [String] = []
}

/// An authorization code, and the values it is bound to (RFC 6749 §4.1.3, RFC 7636 §4.6).
struct AuthorizationCode {
    let clientID: String
    let user: String
    let scope: [String]
    /// The redirect URI of the authorization request; `nil` when it had none.
    let redirectURI: String?
    let codeChallenge: String?
    /// The time of expiry, in milliseconds since 1970.
    let expiresAt: Int64
    /// The grant for which the code was exchanged.
    var grantID: Int?
}

struct AccessToken {
    let grantID: Int
    let clientID: String
    let user: String?
    let scope: [String]
    /// The time of expiry, in milliseconds since 1970.
    var expiresAt: Int64
}

struct RefreshToken {
    let grantID: Int
    let clientID: String
    /// The time of expiry, in milliseconds since 1970; `nil` means that the token does not expire.
    let expiresAt: Int64?
    /// The time at which another token replaced it, in milliseconds since 1970.
    var replacedAt: Int64?
}

/// An authorization request whose page is open in a browser.
struct AwaitedConsent {
    let request: ReceivedAuthorizationRequest
    /// The time of expiry, in milliseconds since 1970.
    let expiresAt: Int64
}
