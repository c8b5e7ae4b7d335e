import Encoding

/// The API, described for programs.
package enum APIDescription {
    /// The document: OpenAPI 3.1, whose schemas are those of JSON Schema.
    static let bytes = PackageResources.openapi_json

    /// Returns the schema of an integration's fields.
    package static func integrationSchema() throws -> JSONValue? {
        try JSONValue(parsing: bytes)["components"]?["schemas"]?["IntegrationDefinition"]
    }
}
