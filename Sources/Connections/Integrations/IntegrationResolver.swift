import Encoding
import HTTPClient
import Integrations
import OAuth
import Primitives

/// Makes a whole integration from few fields: the fields that the operator sets take precedence
/// over the catalogue's entry (`type`), and that over the provider's own metadata (`issuer`).
package struct IntegrationResolver: Sendable {
    let catalogue: ProviderCatalogue
    let transport: any HTTPTransport
    let allowsHTTP: Bool

    /// An integration as it is stored.
    package struct Resolved {
        let definition: IntegrationDefinition
        let secrets: ClientSecrets
        /// The fields that the operator set, without secrets.
        let given: JSONValue
        /// Whether the client secret is the one that was stored before.
        let keepsClientSecret: Bool
        /// Whether the provider's metadata said where its endpoints are.
        let usesMetadata: Bool
    }

    /// - Parameters:
    ///   - given: An object with fields of an integration; `null` takes one away.
    ///   - stored: Secrets to use where none are given.
    /// - Throws: ``ConnectionsError``: fields, a type or an issuer that are not usable.
    func resolve(
        _ given: JSONValue, stored: ClientSecrets = ClientSecrets()
    ) throws -> Resolved {
        guard let fields = given.members else { throw IntegrationDefinition.noFields }
        var members = FieldLayers.lay(fields, over: stored.members)
        let provider = try provider(given)
        if let provider {
            members = FieldLayers.lay(members, over: Self.defaults(of: provider))
        }
        let issuer = Self.metadataIssuer(members)
        if let issuer {
            let fields = try MetadataFields(metadata(of: issuer), for: .object(members))
            members = fields.addingConsent(to: FieldLayers.lay(members, over: fields.members))
        }
        if provider == nil { try Self.checkIsWhole(members) }
        let (definition, secrets) = try IntegrationDefinition.read(.object(members))
        try checkSchemes(definition)
        try checkKey(definition, secrets)
        let isSecretGiven = given["clientSecret"]?.stringValue != nil
        return Resolved(
            definition: definition, secrets: secrets,
            given: .object(
                FieldLayers.lay(
                    fields.filter { !ClientSecrets.names.contains($0.name) },
                    over: [.init(name: "slug", value: .string(definition.slug))])),
            keepsClientSecret: !isSecretGiven && secrets.clientSecret != nil,
            usesMetadata: issuer != nil)
    }

    /// Returns the slug that an integration of these fields gets; `nil` when no field determines
    /// it.
    func slug(of given: JSONValue) throws -> String? {
        try given["slug"]?.stringValue ?? provider(given)?.id
            ?? given["issuer"]?.stringValue.map(MetadataFields.slug)
    }

    private func provider(_ given: JSONValue) throws -> Provider? {
        try given["type"]?.stringValue.flatMap(catalogue.provider)
    }

    /// Refuses a type that the catalogue no longer has, rather than naming the fields that are
    /// missing.
    private static func checkIsWhole(_ members: [JSONValue.Member]) throws {
        let fields = JSONValue.object(members)
        guard let type = fields["type"]?.stringValue, type != IntegrationDefinition.customType,
            fields["apiBaseUri"]?.stringValue == nil
        else { return }
        throw InputError.invalid(
            code: .invalidIntegration,
            detail:
                "'\(type.prefix(64))' is not in the catalogue, or no longer, so that 'type' does "
                + "not say the integration's fields: give 'apiBaseUri' and the others, or put the "
                + "entry back into the folder of the setting 'providers'.")
    }

    private func checkKey(_ definition: IntegrationDefinition, _ secrets: ClientSecrets) throws {
        guard !definition.needsKey || secrets.privateKey != nil else {
            throw InputError.invalid(
                code: .invalidIntegration,
                detail: "'privateKey' is missing: the client signs its requests.")
        }
    }

    private func checkSchemes(_ definition: IntegrationDefinition) throws {
        guard allowsHTTP || !definition.urls.contains(where: { $0.lowercased().hasPrefix("http:") })
        else {
            throw InputError.invalid(
                code: .invalidIntegration,
                detail: "URLs must be https; 'upstream.allowHttp' in the configuration allows http."
            )
        }
    }

    private static func metadataIssuer(_ members: [JSONValue.Member]) -> String? {
        let fields = JSONValue.object(members)
        guard fields["tokenUri"]?.stringValue == nil else { return nil }
        return fields["issuer"]?.stringValue
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
        } catch let failure as MetadataNotFound where failure.isOfAnotherIssuer {
            throw InputError.invalid(
                code: .issuerMismatch,
                detail: "The metadata at '\(issuer)' names another issuer. Write 'issuer' exactly "
                    + "as the provider does, the slash at its end included. Seen: \(failure).")
        } catch OAuthError.badEndpoint(let reason) {
            throw InputError.invalid(
                code: .invalidIntegration, detail: "'issuer' cannot be used: \(reason).")
        } catch let failure as MetadataNotFound {
            throw ConnectionsError.metadataUnavailable(issuer: issuer, failure)
        }
    }
}
