import OAuth

/// Fields of the client, except its secrets.
extension IntegrationDefinition {
    static let clientFields: [Field<IntegrationDefinition>] = [
        Field(
            "clientId", \.clientId, .textOrNumber(upTo: 1_024, mayBeEmpty: true),
            traits: .operatorSets,
            "The client's id at the provider."),
        Field(
            "clientAuthentication", .choice, standard: "post", get: \.clientAuthentication,
            set: { $0.clientAuthentication = $1 ?? $0.grant.usualClientAuthentication ?? .post },
            """
            The client's authentication at the token endpoint; `none` is the default with \
            `jwt_bearer`. `basic_unencoded` is `basic` without the form-encoding of RFC 6749 \
            §2.3.1.
            """),
        Field(
            "keyId", \.keyId, .textOrNumber(upTo: 1_024),
            "The id by which the provider knows the client's key."),
        Field(
            "signingAlgorithm", \.signingAlgorithm, .choice,
            "The algorithm by which the client signs; the key's usual one unless set."),
        Field(
            "assertion", \.assertion, .object,
            "The claims of the assertion for `jwt_bearer`, where they are not the usual ones."),
    ]
}
