import Integrations
import Primitives
import Storage
import Vault

/// The connections: found for their users, stored when authorized or refreshed.
package final class ConnectionStore: Sendable {
    package let database: Database
    let integrations: IntegrationStore
    private let vault: Vault
    private let timing: RefreshTiming
    let clock: Clock

    init(
        database: Database, integrations: IntegrationStore, vault: Vault, timing: RefreshTiming,
        clock: Clock
    ) {
        self.timing = timing
        self.database = database
        self.integrations = integrations
        self.vault = vault
        self.clock = clock
    }

    /// The caller's connection for an integration, or its shared one.
    ///
    /// - Throws: ``ConnectionsError/integrationNotFound``, ``ConnectionsError/connectionNotFound``.
    package func find(
        _ reference: String, for caller: Caller
    ) throws -> (connection: Connection, integration: Integration) {
        guard let found = try look(reference, caller), found.integration.isVisible(to: caller)
        else { throw ConnectionsError.integrationNotFound }
        guard let connection = found.connection else { throw ConnectionsError.connectionNotFound }
        return (connection, found.integration)
    }

    /// Returns the same, to be looked at and not used: also where its owner has lost the right to
    /// use the integration, and can still end the connection.
    ///
    /// - Throws: ``ConnectionsError/integrationNotFound``, ``ConnectionsError/connectionNotFound``.
    package func show(
        _ reference: String, to caller: Caller
    ) throws -> (connection: Connection, integration: Integration) {
        guard let found = try look(reference, caller),
            found.integration.isVisible(to: caller)
                || found.connection?.isOwned(by: caller) == true
        else { throw ConnectionsError.integrationNotFound }
        guard let connection = found.connection else { throw ConnectionsError.connectionNotFound }
        return (connection, found.integration)
    }

    private func look(
        _ reference: String, _ caller: Caller
    ) throws -> (connection: Connection?, integration: Integration)? {
        // A user's id has no control character, so that no other pair gives this text.
        let pair = Array(reference.utf8) + [0] + caller.userID.utf8
        return try database.remembered(ReadKey("connection", pair)) {
            try find(reference, userID: caller.userID, $0)
        }
    }

    private func find(
        _ reference: String, userID: String, _ reader: Reader
    ) throws -> (connection: Connection?, integration: Integration)? {
        let found = try reader.first(
            Self.byReference, ["reference": .text(reference), "userID": .text(userID)]
        ) { row in
            (
                id: row.text(Connection.columnCount),
                revision: row.integer(Connection.columnCount + 1),
                connection: row.textOrNil(0).map { _ in Connection(row: row) }
            )
        }
        guard let found else { return nil }
        let integration = try integrations.find(
            id: found.id, revision: found.revision, for: .system, reader)
        return (found.connection, integration)
    }

    func find(id: String) throws -> Connection? {
        try database.read { try Connection.find(id: id, $0) }
    }

    /// Returns a page of the caller's own connections, which their owner can always end, and the
    /// shared ones that the caller may use.
    ///
    /// - Returns: The page, oldest first, and how many there are in all.
    package func list(
        for caller: Caller, start: Int, limit: Int
    ) throws -> (page: [(connection: Connection, integration: Integration)], total: Int) {
        let visible = try database.read { reader in
            let connections = try reader.all(
                """
                SELECT \(Connection.columns) FROM connection
                JOIN integration ON integration.id = connection.integrationId
                WHERE (connection.holder = :userID AND integration.mode = 'per-user')
                    OR (connection.holder = '' AND integration.mode = 'shared')
                ORDER BY connection.createdAt, connection.id
                """, ["userID": .text(caller.userID)], Connection.init(row:))
            return try connections.compactMap {
                connection -> (connection: Connection, integration: Integration)? in
                let integration = try integrations.find(
                    connection.integrationID, for: .system, reader)
                // A connection that the caller may not see is left out, as if it did not exist.
                guard connection.isOwned(by: caller) || integration.isVisible(to: caller) else {
                    return nil
                }
                return (connection, integration)
            }
        }
        return (Array(visible.dropFirst(start).prefix(limit)), visible.count)
    }

    /// Refuses a caller who may not make, or replace, the integration's connection, or has been
    /// signed out.
    package func checkMayConnect(_ integration: Integration, _ caller: Caller) throws {
        try database.read { try checkMayConnect(integration, caller, $0) }
    }

    func checkMayConnect(
        _ integration: Integration, _ caller: Caller, _ reader: Reader
    ) throws {
        try caller.checkStands(at: clock.now, reader)
        guard integration.isShared, !caller.isSuperuser else { return }
        let existing = try Connection.find(integration, holder: "", reader)
        if let existing, !caller.isUser(existing.ownerID) { throw ConnectionsError.notOwner }
        guard integration.mayManageShared(caller) else {
            throw ConnectionsError.mayNotShare(isConnected: existing != nil)
        }
    }

    /// Refuses tokens of an integration that was removed, or whose endpoints moved while its
    /// provider was asked: nothing that the old ones gave may reach the new ones.
    private func refuseIfMoved(
        _ integration: Integration, _ caller: Caller, _ reader: Reader
    ) throws {
        let current = try integrations.find(integration.id, for: caller, reader)
        guard current.revision != integration.revision,
            current.definition.movesTokens(from: integration.definition)
        else { return }
        throw InputError.conflict(
            code: .integrationChanged,
            detail: "The integration was changed meanwhile. Connect again.")
    }

    /// Stores the grant of an authorization. A connection that exists is replaced and keeps its id
    /// and its creation date.
    ///
    /// - Parameter replacing: Called in the same transaction with the connection as it is now, and
    ///   the one that it replaces.
    func authorize(
        _ integration: Integration, by caller: Caller, _ grant: Grant, data: ConnectionData,
        replacing: (Connection, Connection?, Transaction) throws -> Void
    ) throws -> Connection {
        try database.write { transaction in
            try refuseIfMoved(integration, caller, transaction)
            try checkMayConnect(integration, caller, transaction)
            let holder = integration.holder(for: caller.userID)
            let old = try Connection.find(integration, holder: holder, transaction)
            let id = old?.id ?? Identifier.make("conn")
            var values = try columns(grant, id: id, ownerID: caller.userID)
            values["integrationID"] = .text(integration.id)
            values["holder"] = .text(holder)
            values["ownerID"] = .text(caller.userID)
            values["data"] = .text(data.text)
            values["lacksRefreshToken"] = .bool(
                integration.definition.asksForRefreshToken && !grant.hasRefreshToken)
            try transaction.execute(Self.upsert, values)
            guard let connection = try Connection.find(id: id, transaction) else {
                throw ConnectionsError.connectionNotFound
            }
            try replacing(connection, old, transaction)
            return connection
        }
    }

    /// Stores refreshed tokens, if the generation that they replace is still current: a late answer
    /// may hold the only valid token, but not one for a connection that was replaced or ended. So
    /// the generation is compared, and not the holder of the lease, which may be late.
    ///
    /// - Parameter holder: The process whose lease ends with this.
    /// - Returns: Whether they were stored.
    func store(
        _ grant: Grant, refreshing connection: Connection, holder: String
    ) throws -> Bool {
        var values = try columns(grant, id: connection.id, ownerID: connection.ownerID)
        values["generation"] = .integer(connection.generation)
        return try database.write { transaction in
            try Lease.end(connection.id, holder: holder, transaction)
            return try transaction.execute(Self.update, values) > 0
        }
    }

    /// Notes that a connection has to be authorized again, unless a newer token was stored
    /// meanwhile. The row and its credential stay: a late answer may still revive them.
    ///
    /// - Parameter holder: The process whose lease ends with this.
    /// - Returns: Whether the generation was still current.
    func markDead(
        _ connection: Connection, reason: Connection.StatusReason, holder: String
    ) throws -> Bool {
        try database.write { transaction in
            try Lease.end(connection.id, holder: holder, transaction)
            return try Connection.requireReauthorization(
                id: connection.id, generation: connection.generation, reason: reason,
                now: clock.now, transaction)
        }
    }

    /// Whether that is the connection's credential now.
    func holds(_ credential: Credential, id: String) throws -> Bool {
        guard let connection = try find(id: id) else { return false }
        return (try? self.credential(of: connection)) == credential
    }

    func credential(of connection: Connection) throws -> Credential {
        let place = Connection.credentialPlace(id: connection.id, ownerID: connection.ownerID)
        guard
            let credential = Credential(
                bytes: try vault.open(connection.sealedCredential, at: place))
        else { throw VaultError.sealBroken("\(place): not a credential") }
        return credential
    }

    /// Returns a connection's grant, to be given up: `nil` when it was erased, because it must not
    /// reach the integration's new endpoints, or cannot be opened, and must not be in the way.
    func revocableGrant(of connection: Connection) -> Grant? {
        (try? credential(of: connection)).map { Grant($0, of: connection) }
    }

    private func columns(_ grant: Grant, id: String, ownerID: String) throws -> Parameters {
        let place = Connection.credentialPlace(id: id, ownerID: ownerID)
        return [
            "id": .text(id),
            "credential": .blob(try vault.seal(grant.credential.bytes, at: place)),
            "scope": .text(orNull: grant.scope),
            "tokenExpiresAt": .integer(orNull: grant.tokenExpiresAt?.seconds),
            "refreshTokenExpiresAt": .integer(orNull: grant.refreshTokenExpiresAt?.seconds),
            "keepAliveAt": .integer(
                orNull: timing.keepAliveAt(grant, of: id, now: clock.now)?.seconds),
            "now": .integer(clock.now.seconds),
        ]
    }

    /// The query of every request, in one statement: the integration, by id before slug, and the
    /// connection with it that the caller uses.
    private static let byReference = """
        SELECT \(Connection.columns), found.id, found.revision
        FROM (SELECT id, revision, mode FROM integration WHERE id = :reference
              UNION ALL
              SELECT id, revision, mode FROM integration WHERE slug = :reference LIMIT 1) AS found
        LEFT JOIN connection ON connection.integrationId = found.id
            AND connection.holder = CASE found.mode WHEN 'shared' THEN '' ELSE :userID END
        """

    private static let upsert = """
        INSERT INTO connection
            (id, integrationId, holder, ownerId, status, statusSince, credential, scope,
             tokenExpiresAt, refreshTokenExpiresAt, data, generation, lastAuthorizedAt, createdAt,
             updatedAt, refreshedAt, keepAliveAt, lacksRefreshToken)
        VALUES
            (:id, :integrationID, :holder, :ownerID, 'active', :now, :credential, :scope,
             :tokenExpiresAt, :refreshTokenExpiresAt, :data, 1, :now, :now, :now,
             :now, :keepAliveAt, :lacksRefreshToken)
        ON CONFLICT (integrationId, holder) DO UPDATE
        SET ownerId = excluded.ownerId, status = 'active', statusReason = NULL,
            statusSince = CASE status WHEN 'active' THEN statusSince ELSE :now END,
            credential = excluded.credential, scope = excluded.scope,
            tokenExpiresAt = excluded.tokenExpiresAt,
            refreshTokenExpiresAt = excluded.refreshTokenExpiresAt, data = excluded.data,
            generation = generation + 1, lastAuthorizedAt = :now, updatedAt = :now,
            refreshedAt = :now, keepAliveAt = excluded.keepAliveAt, refreshTrouble = NULL,
            lacksRefreshToken = excluded.lacksRefreshToken
        """

    private static let update = """
        UPDATE connection
        SET status = 'active', statusReason = NULL,
            statusSince = CASE status WHEN 'active' THEN statusSince ELSE :now END,
            credential = :credential, scope = :scope, tokenExpiresAt = :tokenExpiresAt,
            refreshTokenExpiresAt = :refreshTokenExpiresAt, generation = generation + 1,
            updatedAt = :now, refreshedAt = :now, keepAliveAt = :keepAliveAt,
            refreshTrouble = NULL
        WHERE id = :id AND generation = :generation
        """
}
