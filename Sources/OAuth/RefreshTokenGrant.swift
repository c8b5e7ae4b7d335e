extension TokenEndpoint {
    /// Asks for a new access token (RFC 6749 §6).
    ///
    /// The answer's ``TokenResponse/refreshToken`` is `nil` when the old one stays in force.
    ///
    /// - Parameters:
    ///   - scope: A narrower scope; `nil` keeps the granted one.
    ///   - words: The provider's names for the grant, and for the token that is used.
    ///   - signs: The signs that the grant is gone, beside `invalid_grant`.
    /// - Throws: ``OAuthError``; only ``OAuthError/isGrantDead`` says that the refresh token is
    ///   useless.
    package func refresh(
        refreshToken: String, scope: String? = nil, words: RefreshWords = RefreshWords(),
        dead signs: [RefusalSign] = []
    ) throws(OAuthError) -> TokenResponse {
        var parameters = [("grant_type", words.grantType), (words.parameter, refreshToken)]
        if let scope { parameters.append(("scope", scope)) }
        return try request(parameters, by: client, dead: signs)
    }
}

/// The words of a provider for refreshing a token.
package struct RefreshWords: Equatable, Sendable {
    package var grantType = "refresh_token"
    package var parameter = "refresh_token"

    package init(grantType: String = "refresh_token", parameter: String = "refresh_token") {
        self.grantType = grantType
        self.parameter = parameter
    }
}
