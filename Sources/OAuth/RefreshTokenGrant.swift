extension TokenEndpoint {
    /// Asks for a new access token (RFC 6749 §6).
    ///
    /// The answer's ``TokenResponse/refreshToken`` is `nil` when the old one stays in force.
    ///
    /// - Parameter scope: To narrow what was granted; `nil` keeps it.
    /// - Throws: ``OAuthError``; only ``OAuthError/isGrantDead`` says that the refresh token is
    ///   of no more use.
    package func refresh(refreshToken: String, scope: String? = nil) throws -> TokenResponse {
        var parameters = [("grant_type", "refresh_token"), ("refresh_token", refreshToken)]
        if let scope { parameters.append(("scope", scope)) }
        return try request(parameters)
    }
}
