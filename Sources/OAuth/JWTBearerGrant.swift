extension TokenEndpoint {
    /// Exchanges an assertion for a token (RFC 7523 §2.1, RFC 7521 §4.1).
    ///
    /// A client without a secret or key of its own sends no id: the assertion names it, and no
    /// other proof is needed (RFC 7521 §4.1).
    ///
    /// - Parameters:
    ///   - assertion: ``BearerAssertion/signed(by:keyID:now:id:)``; a fresh one for each request.
    ///   - scope: As a parameter, where the provider does not want it as a claim.
    /// - Throws: ``OAuthError``.
    package func jwtBearer(
        assertion: JSONWebToken, scope: String? = nil
    ) throws(OAuthError) -> TokenResponse {
        var parameters = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion.compact),
        ]
        if let scope { parameters.append(("scope", scope)) }
        return try request(parameters, by: client.authentication == .none ? nil : client)
    }
}
