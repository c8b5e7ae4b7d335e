import Primitives

extension IntegrationDefinition {
    /// Refuses texts that could be neither shown nor sent.
    func validateTexts(_ reader: inout DefinitionReader) {
        reader.require(
            !slug.hasPrefix("integration-"),
            "'slug' must not begin with 'integration-', as the ids do")
        // A missing slug is reported already; the name would be the same.
        if !slug.isEmpty { reader.checkText(name, of: "name", longest: 200) }
        reader.checkText(type, of: "type", longest: 200)
        reader.checkText(Self.given(category), of: "category", longest: 200)
        reader.checkText(
            Self.given(description), of: "description", longest: 8_192, mayHaveLines: true)
        reader.checkText(Self.given(scope), of: "scope", longest: 8_192)
        reader.checkText(Self.given(clientId), of: "clientId", longest: 1_024)
        reader.checkText(keyId, of: "keyId", longest: 1_024)
        Self.validate(users: sharedManagers, of: "sharedManagers", &reader)
        Self.validate(users: allowedUsers ?? [], of: "allowedUsers", &reader)
    }

    /// Refuses invalid user ids. Names them by their places, since one may not be fit to be shown.
    private static func validate(
        users: [String], of name: String, _ reader: inout DefinitionReader
    ) {
        let refused = users.indices.filter { !UserID.isValid(users[$0]) }.map { "\($0 + 1)" }
        reader.require(
            refused.isEmpty,
            "'\(name)' has an invalid user id in place \(refused.abbreviated()). \(UserID.rule)"
        )
    }

    /// Returns `nil` for an empty text, which says that there is none.
    private static func given(_ text: String?) -> String? { text == "" ? nil : text }
}
