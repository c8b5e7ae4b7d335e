import Encoding

/// A provider of the catalogue: all that an integration with it needs but the client's id and
/// secret, as data, and where that is known from.
package struct Provider: Sendable {
    /// The integration's `type`, and its slug unless another is given.
    package let id: String
    /// For people.
    package let name: String
    package let category: String?
    package let description: String?
    /// Where a client is registered.
    package let website: String?
    /// What to do there, in plain words; `{redirectUri}` stands for ours.
    package let register: String?
    /// The fields of an integration.
    package let fields: [JSONValue.Member]
    package let facts: [Fact]
    /// What one may stumble over.
    package let notes: [String]

    /// Where some of the fields are known from.
    package struct Fact: Sendable {
        /// Fields, or members of them by dots.
        package let fields: [String]
        /// A page's address, or what it is.
        package let source: String
        /// Whether nobody has seen it in the provider's own documentation.
        package let isUnverified: Bool
    }

    /// The fields that nobody has seen in the provider's own documentation.
    package var unverifiedFields: [String] { facts.filter(\.isUnverified).flatMap(\.fields) }

    /// The values that whoever adds an integration is asked for, by `data`.
    package func operatorData() throws -> [ConnectionDatum] {
        var reader = DefinitionReader(fields)
        return (reader.object("connectionData", ConnectionDatum.read) ?? [])
            .filter { $0.source == .operator }
    }

    /// What to do at the provider's site.
    ///
    /// - Parameter redirectURI: Ours.
    package func instructions(redirectURI: String) -> String? {
        register.map { $0.replacing("{redirectUri}", with: redirectURI) }
    }
}
