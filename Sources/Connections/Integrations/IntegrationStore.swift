import Encoding
import OAuth
import Storage

/// The integrations: looked up by those who use them, kept by superusers.
package final class IntegrationStore: Sendable {
    private let database: Database
    private let vault: Vault
    private let clock: Clock
    private let cache = IntegrationCache()
    private let resolver: IntegrationResolver

    init(database: Database, vault: Vault, clock: Clock, resolver: IntegrationResolver) {
        self.database = database
        self.vault = vault
        self.clock = clock
        self.resolver = resolver
    }

    /// The integration of that id or slug, if the caller may see it.
    ///
    /// - Throws: ``ConnectionsError/integrationNotFound``, also for one that exists for others.
    package func find(_ reference: String, for caller: Caller) throws -> Integration {
        try database.read { try find(reference, for: caller, $0) }
    }

    func find(_ reference: String, for caller: Caller, _ reader: Reader) throws -> Integration {
        guard let integration = try cache.find(reference, reader), integration.isVisible(to: caller)
        else { throw ConnectionsError.integrationNotFound }
        return integration
    }

    /// The same, for one whose revision was just read.
    func find(
        id: String, revision: Int64, for caller: Caller, _ reader: Reader
    ) throws -> Integration {
        guard let integration = try cache.find(id: id, revision: revision, reader),
            integration.isVisible(to: caller)
        else { throw ConnectionsError.integrationNotFound }
        return integration
    }

    /// A page of the integrations that the caller may see, by name.
    ///
    /// - Returns: The page, and how many there are in all.
    package func list(
        for caller: Caller, start: Int, limit: Int
    ) throws -> (page: [Integration], total: Int) {
        let visible = try database.read { reader in
            try reader.all(
                "SELECT \(Integration.columns) FROM integration ORDER BY slug", [:],
                Integration.init(row:))
        }.filter { $0.isVisible(to: caller) }
        return (Array(visible.dropFirst(start).prefix(limit)), visible.count)
    }

    /// Adds an integration.
    ///
    /// - Parameter json: Its fields; what a catalogue's entry or the provider's metadata says can
    ///   be left out.
    /// - Throws: ``ConnectionsError``: invalid fields, or a slug that is taken.
    package func add(_ json: JSONValue) throws -> Integration {
        let new = try resolver.resolve(json)
        try Self.checkKey(new.definition, new.secrets)
        let id = Identifier.make("integration")
        let sealed = try seal(new.secrets, id: id)
        let now = SQLValue.integer(clock.now.seconds)
        _ = try refusingTakenSlug(new.definition.slug) {
            try database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO integration
                        (id, slug, mode, definition, given, metadataDueAt, clientSecret, revision,
                         createdAt, updatedAt)
                    VALUES (:id, :slug, :mode, :definition, :given, :metadataDueAt, :clientSecret,
                         1, :now, :now)
                    """,
                    columns(new).merging(
                        ["id": .text(id), "clientSecret": .blob(orNull: sealed), "now": now]
                    ) { $1 })
            }
        }
        return try find(id, for: .system)
    }

    /// Replaces an integration's definition; its secrets stay unless new ones are given.
    ///
    /// - Parameter confirmed: Whether connections may be made unusable by it: when the origin of
    ///   an endpoint changes, they have to be authorized anew, and no token of the old origin
    ///   goes to the new one.
    /// - Throws: ``ConnectionsError``.
    package func replace(
        _ reference: String, with json: JSONValue, confirmed: Bool
    ) throws -> Integration {
        try replace(reference, with: try resolver.resolve(json), confirmed: confirmed)
    }

    private func replace(
        _ reference: String, with new: IntegrationResolver.Resolved, confirmed: Bool
    ) throws -> Integration {
        let id = try refusingTakenSlug(new.definition.slug) {
            try database.write { transaction in
                let old = try find(reference, for: .system, transaction)
                let secrets = new.secrets.merged(over: try self.secrets(of: old))
                try Self.checkKey(new.definition, secrets)
                try prepareConnections(
                    for: new.definition, replacing: old, confirmed: confirmed, transaction)
                try transaction.execute(
                    """
                    UPDATE integration
                    SET slug = :slug, mode = :mode, definition = :definition, given = :given,
                        metadataDueAt = :metadataDueAt, clientSecret = :clientSecret,
                        revision = revision + 1, updatedAt = :now
                    WHERE id = :id
                    """,
                    columns(new).merging([
                        "id": .text(old.id),
                        "clientSecret": .blob(orNull: try seal(secrets, id: old.id)),
                        "now": .integer(clock.now.seconds),
                    ]) { $1 })
                return old.id
            }
        }
        return try find(id, for: .system)
    }

    /// Makes an integration anew of what was given for it, with what the catalogue and the
    /// provider's metadata say today.
    ///
    /// - Parameter confirmed: As for ``replace(_:with:confirmed:)``.
    /// - Returns: The integration, and whether anything has changed.
    /// - Throws: ``ConnectionsError``.
    package func update(
        _ reference: String, confirmed: Bool
    ) throws -> (integration: Integration, hasChanged: Bool) {
        let old = try find(reference, for: .system)
        guard let given = try database.read({ try Self.given(old, $0) }) else {
            throw ConnectionsError.conflict(
                code: "integration_complete",
                detail: "'\(old.slug)' was added whole, by an older version: there is nothing to "
                    + "update it from. Add it again with --replace.")
        }
        let secrets = try secrets(of: old)
        let new = try resolver.resolve(
            given.replacing([
                ("slug", .string(old.slug)),
                ("clientSecret", .string(orNull: secrets.clientSecret)),
                ("privateKey", .string(orNull: secrets.privateKey)),
            ]))
        guard new.definition != old.definition else {
            try noteMetadataRead(old, again: Self.metadataPause)
            return (old, false)
        }
        return (try replace(old.id, with: new, confirmed: confirmed), true)
    }

    private static func given(_ integration: Integration, _ reader: Reader) throws -> JSONValue? {
        try reader.first(
            "SELECT given FROM integration WHERE id = :id", ["id": .text(integration.id)]
        ) { row in try row.textOrNil(0).map { try JSONValue(parsing: $0) } } ?? nil
    }

    /// How long a provider's metadata is taken for true, in seconds.
    static let metadataPause: Int64 = 86_400

    /// Puts off reading an integration's metadata anew.
    func noteMetadataRead(_ integration: Integration, again pause: Int64) throws {
        try database.write {
            try $0.execute(
                """
                UPDATE integration SET metadataDueAt = :later
                WHERE id = :id AND metadataDueAt IS NOT NULL
                """,
                [
                    "id": .text(integration.id),
                    "later": .integer((clock.now + pause).seconds),
                ])
        }
    }

    /// The integrations whose metadata was read long ago. The second comparison is for a calendar
    /// that was wrong when the moment was written down.
    func withOldMetadata() throws -> [String] {
        try database.read {
            try $0.all(
                """
                SELECT id FROM integration
                WHERE metadataDueAt <= :now OR metadataDueAt > :now + 2 * \(Self.metadataPause)
                """, ["now": .integer(clock.now.seconds)]
            ) { $0.text(0) }
        }
    }

    /// Removes an integration that has no connections.
    ///
    /// - Throws: ``ConnectionsError/conflict(code:detail:)`` when it has.
    func remove(_ integration: Integration, _ transaction: Transaction) throws {
        let count = try connectionCount(integration, transaction)
        guard count == 0 else {
            throw ConnectionsError.conflict(
                code: "integration_in_use",
                detail: "\(count) connections exist; 'disconnect=true' ends them too.")
        }
        try transaction.execute(
            "DELETE FROM integration WHERE id = :id", ["id": .text(integration.id)])
    }

    private static func checkKey(
        _ definition: IntegrationDefinition, _ secrets: ClientSecrets
    ) throws {
        guard definition.needsKey, secrets.privateKey == nil else { return }
        throw ConnectionsError.invalid(
            code: "invalid_integration",
            detail: "'privateKey' is missing: the client signs its requests.")
    }

    /// Whether a client that proves itself by a secret has none: only public clients may do so.
    package func lacksSecret(_ integration: Integration) throws -> Bool {
        guard integration.definition.authType == .oauth2 else { return false }
        switch integration.definition.clientAuthentication {
        case .none, .privateKeyJWT: return false
        case .basic, .basicUnencoded, .post:
            return try secrets(of: integration).clientSecret == nil
        }
    }

    func secrets(of integration: Integration) throws -> ClientSecrets {
        guard let sealed = integration.sealedClientSecret else { return ClientSecrets() }
        return ClientSecrets(
            bytes: try vault.open(sealed, at: Integration.clientSecretPlace(id: integration.id)))
    }

    private func seal(_ secrets: ClientSecrets, id: String) throws -> [UInt8]? {
        try secrets.bytes.map { try vault.seal($0, at: Integration.clientSecretPlace(id: id)) }
    }

    private func columns(_ new: IntegrationResolver.Resolved) -> Parameters {
        [
            "slug": .text(new.definition.slug), "mode": .text(new.definition.mode.rawValue),
            "definition": .text(String(decoding: new.definition.json.encoded(), as: UTF8.self)),
            "given": .text(String(decoding: new.given.encoded(), as: UTF8.self)),
            "metadataDueAt": new.usesMetadata
                ? .integer((clock.now + Self.metadataPause).seconds) : .null,
        ]
    }

    private func refusingTakenSlug<T>(_ slug: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as StorageError where error.kind == .constraint {
            throw ConnectionsError.conflict(
                code: "slug_taken", detail: "There is an integration with the slug '\(slug)'.")
        }
    }

    private func connectionCount(_ integration: Integration, _ reader: Reader) throws -> Int64 {
        try reader.number(
            "SELECT count(*) FROM connection WHERE integrationId = :id",
            ["id": .text(integration.id)])
    }

    private func prepareConnections(
        for definition: IntegrationDefinition, replacing old: Integration, confirmed: Bool,
        _ transaction: Transaction
    ) throws {
        if definition.movesTokens(from: old.definition) {
            // What is under way goes by the old endpoints.
            try transaction.execute(
                "DELETE FROM pendingAuthorization WHERE integrationId = :id",
                ["id": .text(old.id)])
        }
        guard try connectionCount(old, transaction) > 0 else { return }
        guard definition.mode == old.definition.mode, definition.authType == old.definition.authType
        else {
            throw ConnectionsError.conflict(
                code: "integration_in_use",
                detail: "'mode' and 'authType' cannot change while connections exist.")
        }
        guard definition.movesTokens(from: old.definition) else { return }
        guard confirmed else {
            throw ConnectionsError.conflict(
                code: "origin_change_unconfirmed",
                detail: "The origin of an endpoint changes, so that its connections have to be "
                    + "authorized anew; 'confirm=true' says that this is meant.")
        }
        try Connection.requireReauthorization(
            ofAll: old, now: clock.now, transaction)
    }
}
