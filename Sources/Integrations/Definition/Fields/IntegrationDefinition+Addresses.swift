/// Fields that name the provider's endpoints and the API. Each URL states its endpoint, from which
/// the checks of schemes, origins and hosts follow.
extension IntegrationDefinition {
    static let addressFields: [Field<IntegrationDefinition>] = [
        Field(
            "authUri", \.authUri, .url(of: .authorization), traits: .everyUserSees,
            "The authorization endpoint (RFC 6749 §3.1)."),
        Field(
            "tokenUri", \.tokenUri, .url(of: .token), traits: .everyUserSees,
            "The token endpoint (RFC 6749 §3.2)."),
        Field(
            "revocationUri", \.revocationUri, .url(of: .revocation), traits: .everyUserSees,
            "The revocation endpoint (RFC 7009)."),
        Field(
            "revocation", \.revocation, .object,
            "The way in which tokens are revoked, where it is not as in RFC 7009."),
        Field(
            "apiBaseUri", .url(of: .api, mayHaveQuery: false), traits: .everyUserSees,
            get: \.apiBaseUri,
            set: { $0.apiBaseUri = $1 ?? "" }, "The base URL of the API, under which calls go."),
        Field(
            "apiHosts", \.apiHosts, .urls(of: .api),
            "Further base URLs that the absolute URLs of calls may be under."),
        Field(
            "issuer", \.issuer, .url,
            """
            The provider's issuer; the callback's `iss` must be identical (RFC 9207). Without \
            `tokenUri`, the provider's metadata is read from there.
            """),
        Field(
            "issuerRequired", \.issuerRequired, .flag,
            "Whether a callback without `iss` is refused."),
        Field(
            "redirect", \.redirect, .choice,
            """
            The redirect URI: `/oauth2/callback`, or `/oauth2/callback/{slug}`, for a service in \
            which not all integrations are made by people who trust each other.
            """),
    ]
}
