/// The settings of the provider. All of them can be changed while it runs.
package struct MockSettings: Equatable, Sendable {
    /// The URL of the provider, without a slash at the end; also its issuer identifier.
    package var issuer: String
    package var clients: [RegisteredClient]
    /// The public keys of clients, by client id: for `private_key_jwt` and the JWT bearer grant.
    package var clientKeys: [String: RegisteredKey] = [:]
    /// The redirect URIs of all clients; a request must have exactly one of them.
    package var redirectURIs: [String]
    package var users: [String] = ["alice", "bob", "carol"]
    /// The scopes that may be requested; an empty list allows any.
    package var scopes: [String] = []
    /// The scope that is granted for every request; `nil` grants the requested one.
    package var grantedScope: String?

    package var autoApprove = false
    /// Whether an authorization request without a code challenge is refused.
    package var requirePKCE = true
    package var issuerParameter = IssuerParameter.correct
    package var clientAuthentication = ClientAuthenticationMethod.any

    /// The seconds that a code is valid.
    package var codeLifetime = 60
    /// The seconds that an access token is valid.
    package var accessTokenLifetime = 3_600
    /// The seconds that a refresh token is valid; 0 means that it does not expire.
    package var refreshTokenLifetime = 0
    /// Whether answers have `expires_in`.
    package var sendExpiresIn = true
    package var issueRefreshToken = true
    package var rotation = Rotation.on
    /// Whether a refresh token used twice ends the whole grant (RFC 9700 §4.14.2).
    package var reuseDetection = true
    /// The seconds that a replaced refresh token is still accepted.
    package var gracePeriod = 0
    /// Whether revoking an access token ends its whole grant (RFC 7009 §2.1 leaves it open).
    package var revokeEndsGrant = false

    /// The number of files that the API lists.
    package var files = 25
    /// The key that `/keyed/` requires in `X-Api-Key`, in `api_key` or as a bearer token.
    package var apiKey = "mock-key"
    /// The Basic credentials that `/keyed/` requires, as `name:password`.
    package var basicCredentials = "mock-user:mock-password"

    package init(issuer: String, clients: [RegisteredClient], redirectURIs: [String]) {
        self.issuer = issuer
        self.clients = clients
        self.redirectURIs = redirectURIs
    }
}

/// The refresh token in the answer to a successful refresh.
package enum Rotation: String, CaseIterable, Sendable {
    /// A new one; the old one is no longer valid.
    case on
    /// None: the old one stays valid (RFC 6749 §6).
    case off
    /// The old one again.
    case same
}

/// The accepted client authentication at the token endpoint (RFC 6749 §2.3.1, RFC 7523 §2.2).
package enum ClientAuthenticationMethod: String, CaseIterable, Sendable {
    case any
    case basic
    case post
    case privateKeyJWT = "private_key_jwt"
}

/// The `iss` in authorization responses (RFC 9207).
package enum IssuerParameter: Equatable, Sendable {
    case correct
    case absent
    /// A wrong text, to test that a client notices it.
    case wrong(String)

    /// The setting as text: `on`, `off`, or the text that is sent.
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
