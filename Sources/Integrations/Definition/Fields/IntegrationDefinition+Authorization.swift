/// Fields of the grant and its authorization request.
extension IntegrationDefinition {
    static let authorizationFields: [Field<IntegrationDefinition>] = [
        Field(
            "grant", \.grant, .choice,
            "The grant; all but `authorization_code` need no user at the provider."),
        Field(
            "scope", \.scope, .scope, traits: .everyUserSees,
            "The scope, separated by spaces here, also where the provider wants another separator."),
        Field(
            "scopeSeparator", \.scopeSeparator, .choice,
            "The separator between two scopes in a request."),
        Field(
            "scopeParameter", \.scopeParameter, .text, "The parameter that carries the scope."),
        Field(
            "scopeImplies", \.scopeImplies, .parameters,
            """
            The scopes, separated by spaces, that a granted scope includes, by its name: \
            `{write_products: read_products}`. Used for `missingScope` only.
            """),
        Field(
            "pkce", \.usesPKCE, .flag,
            """
            Whether a code challenge (S256) is sent; switch it off only for providers that refuse \
            it.
            """),
        Field(
            "resource", \.resources, .texts.sent(as: .constant),
            "The resources for which the tokens are requested (RFC 8707)."),
        Field(
            "authorizationParameters", \.authorizationParameters,
            .parameters(of: .authorization),
            """
            Further parameters for the authorization endpoint, such as `{access_type: offline}`. \
            They take precedence over the query of `authUri`. What the protocol sends \
            (`client_id`, `state`, …) can stand in neither.
            """),
        Field(
            "callbackSignature", \.callbackSignature, .object,
            """
            The provider's signature over the callback: HMAC-SHA256 with the client secret over \
            the other parameters, by name.
            """),
    ]
}
