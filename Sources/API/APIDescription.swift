import Encoding
import Integrations

/// The API, described for programs: OpenAPI 3.1, whose schemas are those of JSON Schema.
enum APIDescription {
    /// Returns the document: `openapi.json`, with the fields of an integration in their place.
    ///
    /// - Throws: A ``JSONError`` when the resource is damaged.
    static func document() throws -> [UInt8] { try whole.get() }

    /// The document, made when it is first asked for.
    private static let whole = Result {
        try JSONValue(parsing: PackageResources.openapi_json)
            .replacing("components", "schemas", "IntegrationDefinition") { described in
                .object(
                    (described.members ?? []).map { ($0.name, $0.value) }
                        + (IntegrationSchema.input.members ?? []).map { ($0.name, $0.value) })
            }.encoded()
    }
}

extension JSONValue {
    /// Returns the object with another value at the end of a path of names.
    fileprivate func replacing(
        _ path: String..., with value: (JSONValue) -> JSONValue
    ) -> JSONValue {
        replacing(path[...], with: value)
    }

    private func replacing(
        _ path: ArraySlice<String>, with value: (JSONValue) -> JSONValue
    ) -> JSONValue {
        guard let name = path.first else { return value(self) }
        return .object(
            (members ?? []).map { member in
                (
                    member.name,
                    member.name == name
                        ? member.value.replacing(path.dropFirst(), with: value) : member.value
                )
            })
    }
}
