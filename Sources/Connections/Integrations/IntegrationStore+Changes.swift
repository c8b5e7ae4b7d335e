import Encoding
import Integrations
import Primitives
import Storage
import Vault

/// The changes that superusers make to integrations.
extension IntegrationStore {
    /// Adds an integration.
    ///
    /// - Parameters:
    ///   - json: Its fields, without those that a catalogue's entry or the provider's metadata
    ///     supplies.
    ///   - caller: A superuser, who may be signed out while the provider is asked.
    /// - Throws: ``ConnectionsError``: invalid fields, or a slug that is taken.
    package func add(_ json: JSONValue, by caller: Caller = .system) throws -> Integration {
        let new = try resolver.resolve(json)
        let id = Identifier.make("integration")
        let columns = try columns(new, id: id)
        _ = try refusingTakenSlug(new.definition.slug) {
            try database.write { transaction in
                try caller.checkStands(at: clock.now, transaction)
                return try transaction.execute(
                    """
                    INSERT INTO integration
                        (id, slug, mode, definition, given, metadataDueAt, clientSecret, revision,
                         createdAt, updatedAt)
                    VALUES (:id, :slug, :mode, :definition, :given, :metadataDueAt, :clientSecret,
                         1, :now, :now)
                    """, columns)
            }
        }
        return try find(id, for: .system)
    }

    /// Replaces an integration's definition; its secrets stay unless new ones are given.
    ///
    /// - Parameters:
    ///   - confirmed: Whether connections may become unusable: when the origin of an endpoint
    ///     changes, they have to be authorized again, and no token of the old origin goes to the
    ///     new one.
    ///   - caller: A superuser, who may be signed out while the provider is asked.
    /// - Throws: ``ConnectionsError``.
    package func replace(
        _ reference: String, with json: JSONValue, confirmed: Bool, by caller: Caller = .system
    ) throws -> Integration {
        try change(reference, confirmed: confirmed, by: caller) { _ in json }.integration
    }

    /// Replaces the integration that has the slug of these fields; adds it when there is none.
    ///
    /// - Parameter confirmed: As for ``replace(_:with:confirmed:by:)``.
    /// - Throws: ``ConnectionsError``.
    package func addOrReplace(_ json: JSONValue, confirmed: Bool) throws -> Integration {
        guard let slug = try resolver.slug(of: json) else { return try add(json) }
        do {
            return try replace(slug, with: json, confirmed: confirmed)
        } catch ConnectionsError.integrationNotFound {
            return try add(json)
        }
    }

    /// Makes an integration again from the fields that the operator set, with the catalogue's entry
    /// and the provider's metadata of today.
    ///
    /// - Parameters:
    ///   - changes: Fields that replace those of before; of `data`, each value is one.
    ///   - confirmed: As for ``replace(_:with:confirmed:by:)``.
    /// - Returns: The integration, and whether anything has changed.
    /// - Throws: ``ConnectionsError``.
    package func update(
        _ reference: String, with changes: JSONValue = .object([JSONValue.Member]()),
        confirmed: Bool
    ) throws -> (integration: Integration, hasChanged: Bool) {
        try change(reference, confirmed: confirmed) { old in
            let given = try database.read { try Self.given(old, $0) }
            guard given != nil || changes.members?.isEmpty == false else {
                throw InputError.conflict(
                    code: .integrationComplete,
                    detail: "'\(old.slug)' was added whole, by an older version: there is nothing "
                        + "to make it again from. Name the fields to change.")
            }
            return (given ?? old.definition.json).changed(by: changes)
        }
    }

    /// Returns the fields that the operator set, without secrets; or all of them, where an
    /// older version stored the integration.
    package func given(for integration: Integration) throws -> JSONValue {
        try database.read { try Self.given(integration, $0) } ?? integration.definition.json
    }

    private static func given(_ integration: Integration, _ reader: Reader) throws -> JSONValue? {
        try reader.first(
            "SELECT given FROM integration WHERE id = :id", ["id": .text(integration.id)]
        ) { row in try row.textOrNil(0).map { try JSONValue(parsing: $0) } } ?? nil
    }

    /// - Parameter given: Returns the fields that the integration is to be made of. Called again
    ///   when another caller changed it meanwhile: a provider's metadata may take seconds.
    private func change(
        _ reference: String, confirmed: Bool, by caller: Caller = .system,
        _ given: (Integration) throws -> JSONValue
    ) throws -> (integration: Integration, hasChanged: Bool) {
        while true {
            let old = try find(reference, for: .system)
            let json = try given(old)
            let stored = try storedSecrets(of: old, replacedBy: json)
            let new = try resolver.resolve(json, stored: stored)
            let given = try database.read { try Self.given(old, $0) }
            guard
                new.definition != old.definition || new.secrets != stored || new.given != given
            else {
                try noteMetadataRead(old, again: Self.metadataPause)
                return (old, false)
            }
            if try put(new, inPlaceOf: old, confirmed: confirmed, by: caller) {
                return (try find(old.id, for: .system), true)
            }
        }
    }

    /// Stores an integration in place of another one.
    ///
    /// - Returns: `false` when the integration was changed since it was read.
    private func put(
        _ new: IntegrationResolver.Resolved, inPlaceOf old: Integration, confirmed: Bool,
        by caller: Caller
    ) throws -> Bool {
        let columns = try columns(new, id: old.id)
        return try refusingTakenSlug(new.definition.slug) {
            try database.write { transaction in
                try caller.checkStands(at: clock.now, transaction)
                guard try find(old.id, for: .system, transaction).revision == old.revision else {
                    return false
                }
                try prepareConnections(for: new, replacing: old, confirmed: confirmed, transaction)
                try transaction.execute(
                    """
                    UPDATE integration
                    SET slug = :slug, mode = :mode, definition = :definition, given = :given,
                        metadataDueAt = :metadataDueAt, clientSecret = :clientSecret,
                        revision = revision + 1, updatedAt = :now
                    WHERE id = :id
                    """, columns)
                return true
            }
        }
    }

    /// Returns the secrets that stay where none are given. Those that cannot be opened any more are
    /// dropped as soon as others are given.
    private func storedSecrets(
        of integration: Integration, replacedBy json: JSONValue
    ) throws -> ClientSecrets {
        do {
            return try secrets(of: integration)
        } catch VaultError.sealBroken where ClientSecrets.areGiven(in: json) {
            return ClientSecrets()
        }
    }

    private func columns(_ new: IntegrationResolver.Resolved, id: String) throws -> Parameters {
        let sealed = try new.secrets.bytes.map {
            try vault.seal($0, at: Integration.clientSecretPlace(id: id))
        }
        return [
            "id": .text(id),
            "slug": .text(new.definition.slug), "mode": .text(new.definition.mode.rawValue),
            "definition": .text(String(decoding: new.definition.json.encoded(), as: UTF8.self)),
            "given": .text(String(decoding: new.given.encoded(), as: UTF8.self)),
            "metadataDueAt": new.usesMetadata
                ? .integer((clock.now + Self.metadataPause).seconds) : .null,
            "clientSecret": .blob(orNull: sealed), "now": .integer(clock.now.seconds),
        ]
    }

    private func refusingTakenSlug<T>(_ slug: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as StorageError where error.kind == .constraint {
            throw InputError.conflict(
                code: .slugTaken, detail: "There is an integration with the slug '\(slug)'.")
        }
    }

    private func prepareConnections(
        for new: IntegrationResolver.Resolved, replacing old: Integration, confirmed: Bool,
        _ transaction: Transaction
    ) throws {
        let definition = new.definition
        let movesTokens = definition.movesTokens(from: old.definition)
        if movesTokens {
            // Flows under way use the old endpoints.
            try transaction.execute(
                "DELETE FROM pendingAuthorization WHERE integrationId = :id",
                ["id": .text(old.id)])
        }
        if try connectionCount(old, transaction) > 0 {
            try checkUse(definition, replacing: old, isConfirmed: confirmed || !movesTokens)
        }
        guard !new.keepsClientSecret || !definition.movesClientSecret(from: old.definition) else {
            throw InputError.conflict(
                code: .clientSecretRequired,
                detail: "The client secret would go to another origin than before: give it with "
                    + "this change.")
        }
        if movesTokens {
            try Connection.requireReauthorization(ofAll: old, now: clock.now, transaction)
        }
    }

    private func checkUse(
        _ definition: IntegrationDefinition, replacing old: Integration, isConfirmed: Bool
    ) throws {
        guard definition.mode == old.definition.mode, definition.authType == old.definition.authType
        else {
            throw InputError.conflict(
                code: .integrationInUse,
                detail: "'mode' and 'authType' cannot change while connections exist.")
        }
        guard isConfirmed else {
            throw InputError.conflict(
                code: .originChangeUnconfirmed,
                detail: "The origin of an endpoint changes, so that its connections have to be "
                    + "authorized again; 'confirm=true' says that this is meant.")
        }
    }
}

extension JSONValue {
    /// Returns an integration's fields with changes over them: each value of `data` is one of its
    /// own.
    fileprivate func changed(by changes: JSONValue) -> JSONValue {
        var fields = changes.members ?? []
        if let values = changes["data"]?.members {
            let data = FieldLayers.lay(values, over: self["data"]?.members ?? [])
            fields = FieldLayers.lay(
                [Member(name: "data", value: .object(data))], over: fields)
        }
        return .object(FieldLayers.lay(fields, over: members ?? []))
    }
}
