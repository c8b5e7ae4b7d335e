import OAuth
import Primitives
import Storage

/// Stores the outcomes of this process's refreshes: new tokens, a dead grant, a failure. Each ends
/// the process's lease in the same transaction, so that it takes no further write.
struct RefreshOutcomes: Sendable {
    let database: Database
    let credentials: ConnectionCredentials
    let registry: ProcessRegistry
    let clock: Clock

    /// Stores refreshed tokens, if the generation that they replace is still current: a late answer
    /// may hold the only valid token, but not one for a connection that was replaced or ended. So
    /// the generation is compared, and not the process that has the lease: this one may be late.
    ///
    /// - Returns: Whether they were stored.
    func store(_ issued: IssuedCredential, refreshing connection: Connection) throws -> Bool {
        var values = try credentials.columns(
            issued, id: connection.id, ownerID: connection.ownerID)
        values["generation"] = .integer(connection.generation)
        return try database.write { transaction in
            try endLease(connection, transaction)
            return try transaction.execute(Self.update, values) > 0
        }
    }

    /// Notes that a connection has to be authorized again, unless a newer token was stored
    /// meanwhile. The row and its credential stay: a late answer may still revive them.
    ///
    /// - Returns: Whether the generation was still current.
    func markDead(_ connection: Connection, reason: Connection.StatusReason) throws -> Bool {
        try database.write { transaction in
            try endLease(connection, transaction)
            return try Connection.requireReauthorization(
                id: connection.id, generation: connection.generation, reason: reason,
                now: clock.now, transaction)
        }
    }

    /// Notes the failure of a refresh.
    ///
    /// - Returns: The trouble as it is now.
    func note(_ error: OAuthError, refreshing connection: Connection) throws -> RefreshTrouble {
        try database.write { transaction in
            try endLease(connection, transaction)
            let current = try Connection.find(id: connection.id, transaction)
            let trouble = RefreshTrouble(error, after: current?.refreshTrouble, now: clock.now)
            try transaction.execute(
                """
                UPDATE connection SET refreshTrouble = :trouble
                WHERE id = :id AND generation = :generation AND status = 'active'
                """,
                [
                    "id": .text(connection.id), "generation": .integer(connection.generation),
                    "trouble": .text(String(decoding: trouble.json.encoded(), as: UTF8.self)),
                ])
            return trouble
        }
    }

    /// Whether that is the credential of the connection with this id now.
    func isStored(_ credential: Credential, id: String) throws -> Bool {
        let connection = try database.read { try Connection.find(id: id, $0) }
        return connection.map { (try? credentials.open($0)) == credential } ?? false
    }

    private func endLease(_ connection: Connection, _ transaction: Transaction) throws {
        try Lease.end(connection.id, process: registry.id, transaction)
    }

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
