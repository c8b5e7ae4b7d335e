import Encoding
import HTTPClient
import OAuth

/// Makes a whole integration of the little that somebody gives: what is given stands over what the
/// provider publishes about itself (`issuer`), and that over the catalogue's entry (`type`).
struct IntegrationResolver: Sendable {
    let catalogue: ProviderCatalogue
    let transport: any HTTPTransport
    let allowsHTTP: Bool

    /// An integration as it is stored.
    struct Resolved {
        let definition: IntegrationDefinition
        let secrets: ClientSecrets
        /// What it was made of, without secrets.
        let given: JSONValue
        /// Whether the provider's metadata said where its endpoints are.
        let usesMetadata: Bool
    }

    /// - Parameter given: An object with fields of an integration; `null` takes one away.
    /// - Throws: ``ConnectionsError``: fields, a type or an issuer that do not do.
    func resolve(_ given: JSONValue) throws -> Resolved {
        var members = given.members ?? []
        if let type = given["type"]?.stringValue, let provider = try catalogue.provider(type) {
            members = Self.lay(members, over: Self.defaults(of: provider))
        }
        let issuer = Self.metadataIssuer(members)
        if let issuer {
            let fields = MetadataFields(try metadata(of: issuer), for: .object(members))
            members = Self.lay(members, over: fields.members)
        }
        let (definition, secrets) = try IntegrationDefinition.read(
            given.members == nil ? given : .object(members))
        try checkSchemes(definition)
        return Resolved(
            definition: definition, secrets: secrets,
            given: given.replacing([("clientSecret", .null), ("privateKey", .null)]),
            usesMetadata: issuer != nil)
    }

    private func checkSchemes(_ definition: IntegrationDefinition) throws {
        guard allowsHTTP || !definition.urls.contains(where: { $0.lowercased().hasPrefix("http:") })
        else {
            throw ConnectionsError.invalid(
                code: "invalid_integration",
                detail: "URLs must be https; 'upstream.allowHttp' in the configuration allows http."
            )
        }
    }

    private static func metadataIssuer(_ members: [JSONValue.Member]) -> String? {
        let fields = JSONValue.object(members)
        guard fields["tokenUri"]?.stringValue == nil else { return nil }
        return fields["issuer"]?.stringValue
    }

    /// A later `null` takes away what stands below.
    private static func lay(
        _ members: [JSONValue.Member], over defaults: [JSONValue.Member]
    ) -> [JSONValue.Member] {
        let names = Set(members.map(\.name))
        return members + defaults.filter { !names.contains($0.name) }
    }

    private static func defaults(of provider: Provider) -> [JSONValue.Member] {
        [
            .init(name: "slug", value: .string(provider.id)),
            .init(name: "name", value: .string(provider.name)),
            .init(name: "category", value: .string(orNull: provider.category)),
            .init(name: "description", value: .string(orNull: provider.description)),
        ] + provider.fields
    }

    private func metadata(of issuer: String) throws -> AuthorizationServerMetadata {
        do {
            return try AuthorizationServerMetadata.fetch(
                issuer: issuer, transport: transport, allowHTTP: allowsHTTP)
        } catch OAuthError.issuerMismatch, OAuthError.issuerMissing {
            throw ConnectionsError.invalid(
                code: "issuer_mismatch",
                detail: "The metadata at '\(issuer)' names another issuer. Write 'issuer' exactly "
                    + "as the provider does, the slash at its end included.")
        } catch OAuthError.badEndpoint(let reason) {
            throw ConnectionsError.invalid(
                code: "invalid_integration", detail: "'issuer' cannot be used: \(reason).")
        } catch let error as OAuthError {
            throw ConnectionsError.metadataUnavailable(issuer: issuer, error)
        }
    }
}

extension JSONValue {
    /// An object with some of its members set, or with `null` taken away.
    func replacing(_ changes: [(name: String, value: JSONValue)]) -> JSONValue {
        let names = Set(changes.map(\.name))
        let kept = (members ?? []).filter { !names.contains($0.name) }
        return .object(
            kept
                + changes.filter { $0.value != .null }.map {
                    Member(name: $0.name, value: $0.value)
                })
    }
}
