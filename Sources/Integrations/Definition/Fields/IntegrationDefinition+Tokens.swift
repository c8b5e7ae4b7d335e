import OAuth

/// Fields of token requests and their answers.
extension IntegrationDefinition {
    static let tokenFields: [Field<IntegrationDefinition>] = [
        Field(
            "tokenParameters", \.tokenParameters, .parameters(of: .token),
            """
            Further parameters for the token endpoint. They take precedence over the query of \
            `tokenUri`. What the protocol sends (`grant_type`, `code`, …) can stand in neither.
            """),
        Field(
            "tokenHeaders", \.tokenHeaders, .headers(of: .token),
            "Further header fields for the token endpoint."),
        Field("tokenFormat", \.tokenFormat, .choice, "The format of a token request."),
        Field(
            "tokenResponse", \.tokenResponse, .object,
            "The places of the members in a token response, where they are not as in RFC 6749."),
        Field(
            "refresh", \.refresh, .object,
            "The way in which tokens are refreshed, where it is not as in RFC 6749."),
        Field(
            "revokesReplacedTokens", \.revokesReplacedTokens, .flag,
            """
            Whether reconnecting revokes the old tokens; only where the provider then ends one \
            token and not the user's whole grant.
            """),
    ]
}
