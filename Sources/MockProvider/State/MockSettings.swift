/// How the provider behaves. Everything here can be changed while it runs.
package struct MockSettings: Equatable, Sendable {
    /// Where the provider is reached, without a slash at the end; also its issuer identifier.
    package var issuer: String
    package var clients: [RegisteredClient]
    /// The public keys of clients, by their ids: for `private_key_jwt` and the JWT bearer grant.
    package var clientKeys: [String: RegisteredKey] = [:]
    /// The redirect URIs of every client; a request must name one of them to the letter.
    package var redirectURIs: [String]
    package var users: [String] = ["alice", "bob", "carol"]
    /// What may be asked for; empty means anything.
    package var scopes: [String] = []
    /// What is granted whatever was asked for; `nil` grants what was asked for.
    package var grantedScope: String?

    package var autoApprove = false
    /// Whether an authorization request without a code challenge is refused.
    package var requirePKCE = true
    package var issuerParameter = IssuerParameter.correct
    package var clientAuthentication = ClientAuthenticationMethod.any

    /// In seconds.
    package var codeLifetime = 60
    /// In seconds.
    package var accessTokenLifetime = 3_600
    /// In seconds; 0 means that it does not expire.
    package var refreshTokenLifetime = 0
    /// Whether answers say `expires_in`.
    package var sendExpiresIn = true
    package var issueRefreshToken = true
    package var rotation = Rotation.on
    /// Whether a refresh token used twice ends the whole grant (RFC 9700 §4.14.2).
    package var reuseDetection = true
    /// For how many seconds a refresh token that was replaced is still taken.
    package var gracePeriod = 0
    /// Whether revoking an access token ends its whole grant (RFC 7009 §2.1 leaves it open).
    package var revokeEndsGrant = false

    /// How many files the API lists.
    package var files = 25
    /// What `/keyed/` wants in `X-Api-Key`, `api_key` or as a bearer token.
    package var apiKey = "mock-key"
    /// What `/keyed/` wants as Basic credentials, `name:password`.
    package var basicCredentials = "mock-user:mock-password"

    package init(issuer: String, clients: [RegisteredClient], redirectURIs: [String]) {
        self.issuer = issuer
        self.clients = clients
        self.redirectURIs = redirectURIs
    }
}

/// What a successful refresh says about the refresh token.
package enum Rotation: String, CaseIterable, Sendable {
    /// A new one; the old one is used up.
    case on
    /// Nothing: the old one stays (RFC 6749 §6).
    case off
    /// The old one once more.
    case same
}

/// Which way of authenticating at the token endpoint is taken (RFC 6749 §2.3.1, RFC 7523 §2.2).
package enum ClientAuthenticationMethod: String, CaseIterable, Sendable {
    case any
    case basic
    case post
    case privateKeyJWT = "private_key_jwt"
}

/// What authorization responses carry as `iss` (RFC 9207).
package enum IssuerParameter: Equatable, Sendable {
    case correct
    case absent
    /// This text instead, to see whether a client notices.
    case wrong(String)

    /// `on`, `off`, or the text that is sent.
    package var text: String {
        get {
            switch self {
            case .correct: "on"
            case .absent: "off"
            case .wrong(let text): text
            }
        }
        set { self = Self(newValue) }
    }

    package init(_ text: String) {
        switch text {
        case "on": self = .correct
        case "off": self = .absent
        default: self = .wrong(text)
        }
    }
}
