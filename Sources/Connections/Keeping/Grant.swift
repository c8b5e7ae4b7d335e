import OAuth

/// What an authorization or a refresh yielded, ready to be stored.
struct Grant {
    var credential: Credential
    var scope: String?
    var tokenExpiresAt: Timestamp?
    var refreshTokenExpiresAt: Timestamp?

    /// What of it another grant does not hold too; `nil` when that is nothing. A provider may give
    /// the same refresh token again.
    func without(_ other: Grant) -> Grant? {
        guard case .oauth(var tokens) = credential, case .oauth(let others) = other.credential
        else { return self }
        if tokens.refreshToken == others.refreshToken { tokens.refreshToken = nil }
        if tokens.accessToken == others.accessToken { return nil }
        var rest = self
        rest.credential = .oauth(tokens)
        return rest
    }

    var hasRefreshToken: Bool {
        if case .oauth(let tokens) = credential { tokens.refreshToken != nil } else { false }
    }

    /// A credential that is not OAuth's.
    init(_ credential: Credential) {
        self.credential = credential
    }

    /// What a connection holds.
    init(_ credential: Credential, of connection: Connection) {
        self.credential = credential
        scope = connection.scope
        tokenExpiresAt = connection.tokenExpiresAt
        refreshTokenExpiresAt = connection.refreshTokenExpiresAt
    }

    /// - Parameters:
    ///   - requestedScope: What was granted when the answer does not say (RFC 6749 §5.1).
    ///   - now: When the request was sent: lifetimes count from before the answer.
    init(
        _ response: TokenResponse, for definition: IntegrationDefinition, requestedScope: String?,
        now: Timestamp
    ) {
        scope = response.scope ?? requestedScope
        tokenExpiresAt =
            response.expiresIn.map { now + Int64($0) }
            ?? response.expiresAt.map(Timestamp.init(seconds:))
        switch definition.refresh.token {
        case .refreshToken:
            credential = .oauth(
                OAuthTokens(
                    accessToken: response.accessToken, refreshToken: response.refreshToken))
            refreshTokenExpiresAt = response.refreshTokenExpiresIn.map { now + Int64($0) }
        case .accessToken:
            // It renews itself, as long as it lives.
            credential = .oauth(
                OAuthTokens(accessToken: response.accessToken, refreshToken: response.accessToken))
            refreshTokenExpiresAt = tokenExpiresAt
        }
    }

    /// A refresh's answer without a new refresh token keeps the old one (RFC 6749 §6).
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
