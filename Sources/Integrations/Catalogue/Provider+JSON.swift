import Addressing
import Encoding
import Primitives

extension Provider {
    /// Reads an entry of the catalogue and checks its form, and that an integration can be made of
    /// it.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)``, which names everything that is wrong.
    package init(id: String, json: JSONValue) throws {
        var reader = DefinitionReader(json.members ?? [], of: "an entry")
        self.id = id
        name = reader.requiredText("name")
        category = reader.text("category")
        description = reader.text("description")
        website = reader.text("website")
        register = reader.text("register").map(Self.withoutLineEnd)
        notes = reader.texts("notes") ?? []
        fields = reader.members(of: "integration")
        facts = reader.objects("facts", Fact.read) ?? []
        reader.finish()
        reader.require(
            IntegrationDefinition.isSlug(id), "its file's name must be a slug: '\(id)' is not one")
        let own = fields.map(\.name).filter(IntegrationInput.operatorsNames.contains)
        reader.require(
            own.isEmpty, "in 'integration': \(own.joined(separator: ", ")) is set by the operator")
        checkTexts(&reader)
        checkFacts(&reader)
        try checkIntegration(&reader)
        guard reader.problems.isEmpty else {
            throw InputError.invalid(
                code: .invalidProvider,
                detail: "\(id): " + reader.problems.joined(separator: "; ") + ".")
        }
    }

    /// Removes the line end that a folded text in YAML has at its end.
    private static func withoutLineEnd(_ text: String) -> String {
        text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private func checkTexts(_ reader: inout DefinitionReader) {
        if !name.isEmpty { reader.checkText(name, of: "name", longest: 200) }
        reader.checkText(category, of: "category", longest: 200)
        reader.checkText(description, of: "description", longest: 8_192, mayHaveLines: true)
        reader.checkText(website, of: "website", longest: 2_048)
        reader.require(
            website.map(Self.isWebPage) ?? true, "'website' must be an https URL")
    }

    /// Returns whether a text is the address of a page, possibly with a fragment.
    private static func isWebPage(_ url: String) -> Bool {
        AbsoluteURL(String(url.prefix { $0 != "#" }))?.origin.scheme == "https"
    }

    /// Refuses facts unless they state the source of every field once.
    private func checkFacts(_ reader: inout DefinitionReader) {
        let told = facts.flatMap(\.fields)
        for name in Set(told.filter { name in told.count { $0 == name } > 1 }).sorted() {
            reader.require(false, "in 'facts': '\(name)' is there twice")
        }
        for field in fields where !told.contains(field.name) {
            let parts = told.filter { $0.hasPrefix(field.name + ".") }
            reader.require(!parts.isEmpty, "'facts' does not say where '\(field.name)' is from")
        }
        let known = Set(fields.map(\.name))
        for name in told where !known.contains(String(name.prefix { $0 != "." })) {
            reader.require(false, "in 'facts': 'integration' has no '\(name)'")
        }
    }

    /// Checks an integration that is made of the entry, with examples as the operator's values.
    private func checkIntegration(_ reader: inout DefinitionReader) throws {
        let examples = try operatorData().compactMap { datum in
            (datum.example ?? datum.fallback).map { (datum.name, JSONValue.string($0)) }
        }
        let given: [JSONValue.Member] = [
            .init(name: "slug", value: .string(id)), .init(name: "clientId", value: "client"),
            .init(name: "data", value: .object(examples)),
        ]
        do {
            let (definition, _) = try IntegrationDefinition.read(.object(given + fields))
            for datum in definition.connectionData {
                reader.require(
                    datum.example.map(datum.accepts) ?? true,
                    "in 'connectionData': the example of '\(datum.name)' does not match")
            }
        } catch InputError.invalid(_, let detail) {
            reader.require(false, "in 'integration': \(detail.dropLast())")
        }
    }

    /// The entry as an object.
    package var json: JSONValue {
        .object([
            ("type", .string(id)),
            ("name", .string(name)),
            ("category", .string(orNull: category)),
            ("description", .string(orNull: description)),
            ("website", .string(orNull: website)),
            ("register", .string(orNull: register)),
            ("integration", .object(fields)),
            ("facts", .array(facts.map(\.json))),
            ("notes", .array(notes.map { .string($0) })),
        ])
    }
}

extension Provider.Fact {
    static func read(_ reader: inout DefinitionReader) -> Self {
        Self(
            fields: reader.texts("fields") ?? [], source: reader.requiredText("source"),
            isUnverified: reader.flag("unverified") ?? false)
    }

    fileprivate var json: JSONValue {
        .object(
            [
                ("fields", .array(fields.map { .string($0) })),
                ("source", .string(source)),
            ] + (isUnverified ? [("unverified", true)] : []))
    }
}
