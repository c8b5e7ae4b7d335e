extension TokenEndpoint {
    /// Exchanges an authorization code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5).
    ///
    /// - Parameters:
    ///   - redirectURI: Identical to the one in the authorization request.
    ///   - codeVerifier: `nil` only for a code that another party obtained without PKCE.
    /// - Throws: ``OAuthError``.
    package func exchange(
        code: String, redirectURI: String, codeVerifier: String?
    ) throws -> TokenResponse {
        var parameters = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
        ]
        if let codeVerifier { parameters.append(("code_verifier", codeVerifier)) }
        return try request(parameters)
    }
}
