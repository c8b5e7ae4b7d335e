import ArgumentParser
import Encoding

/// The options of the command line that define an integration.
struct IntegrationOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A provider of the catalogue, or a YAML file.",
            discussion: "'grantkeeper provider list' shows the catalogue.",
            valueName: "type or file"), completion: .file(extensions: ["yaml"]))
    var source: String?

    @Option(
        help: ArgumentHelp("The provider's issuer, whose metadata says the rest.", valueName: "url")
    )
    var issuer: String?

    @Option(
        help: ArgumentHelp("How it is called in URLs; the type unless said.", valueName: "slug"))
    var slug: String?

    @OptionGroup var fields: FieldOptions

    func validate() throws {
        guard source != nil || issuer != nil else {
            throw ValidationError("Name a provider of the catalogue, a YAML file, or an --issuer.")
        }
    }

    /// Returns the integration's fields from the options.
    ///
    /// - Parameter secrets: Fields beside them.
    /// - Throws: ``CommandFailure``.
    func fields(over secrets: IntegrationFields) throws -> IntegrationFields {
        var result = IntegrationFields()
        if let source {
            result =
                Self.isFile(source)
                ? IntegrationFields(try IntegrationFile(path: source).json)
                : IntegrationFields(["type": .string(source)])
        }
        try result.add(secrets: secrets)
        if let issuer { result.set("issuer", .string(issuer)) }
        if let slug { result.set("slug", .string(slug)) }
        try fields.add(to: &result)
        return result
    }

    /// Whether the source is a file: a provider's id has neither a slash nor such an ending.
    private static func isFile(_ source: String) -> Bool {
        source.contains("/") || source.hasSuffix(".yaml") || source.hasSuffix(".yml")
    }
}
