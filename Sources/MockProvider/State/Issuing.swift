/// The tokens in the answer to a token request.
struct IssuedTokens {
    let accessToken: String
    /// The refresh token; `nil` when the answer has none.
    let refreshToken: String?
    let scope: [String]
}

extension ProviderState {
    /// The number of a grant's replaced refresh tokens that are recognized at a second use.
    private static let rememberedRefreshTokens = 256

    mutating func issueAccessToken(
        _ surroundings: Surroundings, grant: IssuedGrant, scope: [String]
    ) -> String {
        let now = surroundings.now()
        sweep(at: now)
        let token = "mock-at-" + surroundings.randomToken()
        accessTokens[token] = AccessToken(
            grantID: grant.id, clientID: grant.clientID, user: grant.user, scope: scope,
            expiresAt: now + Int64(settings.accessTokenLifetime) * 1_000)
        return token
    }

    mutating func issueRefreshToken(_ surroundings: Surroundings, grant: IssuedGrant) -> String {
        let token = "mock-rt-" + surroundings.randomToken()
        let lifetime = Int64(settings.refreshTokenLifetime) * 1_000
        refreshTokens[token] = RefreshToken(
            grantID: grant.id, clientID: grant.clientID,
            expiresAt: lifetime > 0 ? surroundings.now() + lifetime : nil)
        grants[grant.id]?.refreshTokens.append(token)
        if grant.refreshTokens.count >= Self.rememberedRefreshTokens {
            grants[grant.id]?.refreshTokens.removeFirst()
            refreshTokens[grant.refreshTokens[0]] = nil
        }
        return token
    }

    /// Issues the first tokens of a new grant.
    mutating func issueTokens(
        _ surroundings: Surroundings, grantID: Int, withRefreshToken: Bool
    ) -> IssuedTokens? {
        guard let grant = grants[grantID] else { return nil }
        let accessToken = issueAccessToken(surroundings, grant: grant, scope: grant.scope)
        let refreshToken =
            withRefreshToken && settings.issueRefreshToken
            ? issueRefreshToken(surroundings, grant: grant) : nil
        return IssuedTokens(
            accessToken: accessToken, refreshToken: refreshToken, scope: grant.scope)
    }
}

extension Surroundings {
    /// Returns 256 random bits as text.
    func randomToken() -> String {
        Text.base64URL(randomBytes(32))
    }
}
