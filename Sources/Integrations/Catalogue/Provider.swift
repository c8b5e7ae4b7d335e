import Encoding

/// A provider of the catalogue, as data: the fields of an integration with it, except the client's
/// id and secret, and the sources of these fields.
package struct Provider: Sendable {
    /// The integration's `type`, and its slug unless another is given.
    package let id: String
    /// The name that people read.
    package let name: String
    package let category: String?
    package let description: String?
    /// The page on which a client is registered.
    package let website: String?
    /// Instructions for the registration, in plain words; `{redirectUri}` stands for ours.
    package let register: String?
    /// The fields of an integration.
    package let fields: [JSONValue.Member]
    package let facts: [Fact]
    /// Notes on peculiarities of the provider.
    package let notes: [String]

    /// The source of some of the fields.
    package struct Fact: Sendable {
        /// The names of fields, or of their members, with dots.
        package let fields: [String]
        /// The address of a page, or a description of the source.
        package let source: String
        /// Whether the fields were not seen in the provider's own documentation.
        package let isUnverified: Bool
    }

    /// The fields that were not seen in the provider's own documentation.
    package var unverifiedFields: [String] { facts.filter(\.isUnverified).flatMap(\.fields) }

    /// Returns the values that the operator who adds an integration sets in `data`.
    package func operatorData() throws -> [ConnectionDatum] {
        var reader = DefinitionReader(fields)
        return (FieldForm.connectionData.read(&reader, "connectionData") ?? [])
            .filter { $0.source == .operator }
    }

    /// Returns the instructions for the registration of a client.
    ///
    /// - Parameter redirectURI: The redirect URI of our service.
    package func instructions(redirectURI: String) -> String? {
        register.map { $0.replacing("{redirectUri}", with: redirectURI) }
    }
}
