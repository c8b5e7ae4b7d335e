/// What a user (or a client for itself) allowed, with everything that was issued for it.
struct IssuedGrant {
    let id: Int
    let clientID: String
    /// `nil` for client credentials.
    let user: String?
    /// In the order in which it was asked for.
    let scope: [String]
    /// The refresh tokens so far, the valid one last.
    var refreshTokens: [String] = []
}

/// An authorization code, and what it is bound to (RFC 6749 §4.1.3, RFC 7636 §4.6).
struct AuthorizationCode {
    let clientID: String
    let user: String
    let scope: [String]
    /// As in the authorization request; `nil` when that had none.
    let redirectURI: String?
    let codeChallenge: String?
    /// In milliseconds since 1970.
    let expiresAt: Int64
    /// The grant that it was exchanged for.
    var grantID: Int?
}

struct AccessToken {
    let grantID: Int
    let clientID: String
    let user: String?
    let scope: [String]
    /// In milliseconds since 1970.
    var expiresAt: Int64
}

struct RefreshToken {
    let grantID: Int
    let clientID: String
    /// In milliseconds since 1970; `nil` means that it does not expire.
    let expiresAt: Int64?
    /// When it was replaced by another, in milliseconds since 1970.
    var replacedAt: Int64?
}

/// An authorization request whose page is open in a browser.
struct AwaitedConsent {
    let request: ReceivedAuthorizationRequest
    /// In milliseconds since 1970.
    let expiresAt: Int64
}
