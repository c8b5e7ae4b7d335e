import Integrations
import OAuth
import Primitives

/// A credential as its provider issued it, with its scope and expiry, ready to be stored.
package struct IssuedCredential {
    var credential: Credential
    var scope: String?
    var tokenExpiresAt: Timestamp?
    var refreshTokenExpiresAt: Timestamp?

    /// Returns the tokens that the other one does not contain; `nil` when there are none. A provider
    /// may give the same refresh token again.
    func without(_ other: IssuedCredential) -> IssuedCredential? {
        guard case .oauth(let tokens) = credential, case .oauth(let others) = other.credential
        else { return self }
        var rest = self
        guard let left = tokens.without(others) else { return nil }
        rest.credential = .oauth(left)
        return rest
    }

    /// Whether the other one has the same access token.
    func sharesAccessToken(with other: IssuedCredential) -> Bool {
        guard case .oauth(let tokens) = credential, case .oauth(let others) = other.credential
        else { return false }
        return tokens.accessToken == others.accessToken
    }

    var refreshToken: String? {
        if case .oauth(let tokens) = credential { tokens.refreshToken } else { nil }
    }

    var hasRefreshToken: Bool { refreshToken != nil }

    /// Whether a provider gave it for OAuth, so that it may be listed there.
    var isOAuth: Bool {
        if case .oauth = credential { true } else { false }
    }

    /// A credential that is not OAuth's.
    init(_ credential: Credential) {
        self.credential = credential
    }

    /// Takes the credential that a connection holds.
    init(_ credential: Credential, of connection: Connection) {
        self.credential = credential
        scope = connection.scope
        tokenExpiresAt = connection.tokenExpiresAt
        refreshTokenExpiresAt = connection.refreshTokenExpiresAt
    }

    /// - Parameters:
    ///   - requestedScope: The scope that was granted when the answer names none (RFC 6749 §5.1).
    ///   - now: The time of the request: lifetimes count from before the answer.
    init(
        _ response: TokenResponse, for definition: IntegrationDefinition, requestedScope: String?,
        now: Timestamp
    ) {
        self.init(
            OAuthTokens(accessToken: response.accessToken, refreshToken: response.refreshToken),
            for: definition,
            expiresAt: response.end(askedAt: now.seconds).map(Timestamp.init(seconds:)),
            refreshTokenExpiresAt: response.refreshTokenEnd(askedAt: now.seconds)
                .map(Timestamp.init(seconds:)))
        scope = response.scope ?? requestedScope
    }

    /// Takes tokens that a provider gave, to us or to the caller that hands them over.
    init(
        _ tokens: OAuthTokens, for definition: IntegrationDefinition, expiresAt: Timestamp?,
        refreshTokenExpiresAt: Timestamp? = nil
    ) {
        tokenExpiresAt = expiresAt
        switch definition.refresh.token {
        case .refreshToken:
            credential = .oauth(tokens)
            self.refreshTokenExpiresAt = refreshTokenExpiresAt
        case .accessToken:
            // The token refreshes itself until it expires.
            credential = .oauth(
                OAuthTokens(accessToken: tokens.accessToken, refreshToken: tokens.accessToken))
            self.refreshTokenExpiresAt = expiresAt
        }
    }

    /// Whether the access token is its own refresh token.
    var refreshesItself: Bool {
        if case .oauth(let tokens) = credential { tokens.refreshesItself } else { false }
    }

    /// Keeps the old refresh token where a refresh's answer has no new one (RFC 6749 §6).
    init(
        refreshed response: TokenResponse, for definition: IntegrationDefinition,
        old tokens: OAuthTokens, connection: Connection, now: Timestamp
    ) {
        self.init(response, for: definition, requestedScope: connection.scope, now: now)
        guard !hasRefreshToken else { return }
        credential = .oauth(
            OAuthTokens(
                accessToken: response.accessToken, refreshToken: tokens.refreshToken))
        refreshTokenExpiresAt = refreshTokenExpiresAt ?? connection.refreshTokenExpiresAt
    }
}
