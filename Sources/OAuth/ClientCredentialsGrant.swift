extension TokenEndpoint {
    /// Asks for a token in the client's own name (RFC 6749 §4.4.2).
    ///
    /// - Throws: ``OAuthError``.
    package func clientCredentials(scope: String?) throws -> TokenResponse {
        var parameters = [("grant_type", "client_credentials")]
        if let scope { parameters.append(("scope", scope)) }
        return try request(parameters)
    }
}
