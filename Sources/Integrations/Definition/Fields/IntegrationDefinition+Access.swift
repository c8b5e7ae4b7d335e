/// Fields that name the integration, and those that say who may use it.
extension IntegrationDefinition {
    static let accessFields: [Field<IntegrationDefinition>] = [
        Field(
            "slug", \.slug, .slug, traits: [.required, .everyUserSees, .operatorSets],
            "The name of the integration in URLs."),
        Field(
            "name", .text(upTo: 200), traits: [.everyUserSees, .operatorSets], get: \.name,
            set: { $0.name = $1 ?? $0.slug }, "The name that people read; the slug unless set."),
        Field(
            "type", \.type, .text(upTo: 200), traits: [.everyUserSees, .operatorSets],
            """
            A provider of the catalogue, which provides most of the other fields, or any other \
            word.
            """),
        Field(
            "category", \.category, .text(upTo: 200, mayBeEmpty: true),
            traits: [.everyUserSees, .operatorSets],
            "A word by which a front end can group integrations."),
        Field(
            "description", \.description,
            .text(upTo: 8_192, mayBeEmpty: true, mayHaveLines: true),
            traits: [.everyUserSees, .operatorSets], "A description for people."),
        Field(
            "mode", \.mode, .choice, traits: [.everyUserSees, .operatorSets],
            """
            `per-user`: every user connects. `shared`: one connection for all users, made by a \
            superuser or one of `sharedManagers`.
            """),
        Field(
            "authType", \.authType, .choice, traits: .everyUserSees,
            "The way in which the API authenticates calls; all but `oauth2` need no provider."),
        Field(
            "sharedManagers", \.sharedManagers, .userIDs, traits: .operatorSets,
            "The users who may make the shared connection, beside superusers."),
        Field(
            "allowedUsers", \.allowedUsers, .userIDs, traits: .operatorSets,
            """
            The users who may see and use the integration; all users when it is absent. A user \
            who is removed can still see and end their own connection.
            """),
    ]
}
