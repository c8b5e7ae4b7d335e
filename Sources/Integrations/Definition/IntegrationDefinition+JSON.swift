import Encoding
import OAuth
import Primitives

/// Reading and writing of definitions by the list of their fields.
extension IntegrationDefinition: FieldedObject {
    package static var initial: IntegrationDefinition {
        IntegrationDefinition(slug: "", name: "", apiBaseUri: "")
    }

    package static let fields: [Field<IntegrationDefinition>] =
        accessFields + addressFields + authorizationFields + clientFields + tokenFields
        + connectionFields + callFields

    /// Reads a definition.
    ///
    /// - Parameters:
    ///   - json: An object with the fields of this type, and possibly `clientSecret`, `privateKey`
    ///     and `data`.
    /// - Returns: The definition, with `data` in place of its placeholders, and the client's
    ///   secrets.
    /// - Throws: ``InputError/invalid(code:detail:)``, which names every wrong field.
    package static func read(
        _ json: JSONValue
    ) throws -> (definition: IntegrationDefinition, secrets: ClientSecrets) {
        guard let members = json.members else { throw noFields }
        var reader = DefinitionReader(members)
        let input = IntegrationInput.read(&reader)
        reader.finish()
        var definition = input.definition
        definition.take(input.secrets.privateKey, &reader)
        definition.fix(input.data, &reader)
        definition.validate(&reader)
        input.secrets.checkFields(&reader)
        try refuse(reader.problems)
        return (definition, input.secrets)
    }

    package static let noFields = InputError.invalid(
        code: .invalidIntegration, detail: "An integration is an object with fields.")

    /// Reads a definition that was accepted before. Only the forms of its fields are checked:
    /// stricter rules of later versions must not make it, or the list that it is in, unreadable.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)`` when it is damaged.
    package static func read(stored json: JSONValue) throws -> IntegrationDefinition {
        var reader = DefinitionReader(json.members ?? [])
        let definition = IntegrationDefinition.read(&reader)
        try refuse(reader.problems)
        return definition
    }

    private static func refuse(_ problems: [String]) throws {
        guard problems.isEmpty else {
            throw InputError.invalid(
                code: .invalidIntegration, detail: problems.joined(separator: "; ") + ".")
        }
    }

    /// The members that every user of the integration may see.
    package var publicMembers: [(String, JSONValue)] {
        Self.publicFields.compactMap { field in field.json(self).map { (field.name, $0) } }
    }

    private static let publicFields: [Field<IntegrationDefinition>] = fields.filter {
        $0.about.traits.contains(.everyUserSees)
    }

    /// The questions that the page for connecting asks the user.
    package var questions: JSONValue {
        .array(connectionData.filter { $0.source == .user }.map(\.question))
    }
}
