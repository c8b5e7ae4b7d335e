import Integrations
import Primitives
import Storage

/// Stores what an authorization gave as a connection, in place of the one that is there, whose
/// grant goes to the revocations in the same transaction.
struct AuthorizedConnections: Sendable {
    let database: Database
    let integrations: IntegrationStore
    let credentials: ConnectionCredentials
    let revocations: RevocationQueue
    let permission: ConnectPermission

    /// Stores the tokens of an authorization. A connection that exists is replaced and keeps its id
    /// and its creation date.
    ///
    /// - Throws: ``ConnectionsError``, ``StorageError``; ``InputError/conflict(code:detail:)`` when
    ///   the integration's endpoints moved meanwhile.
    func store(
        _ issued: IssuedCredential, _ integration: Integration, by caller: Caller,
        data: ConnectionData
    ) throws -> Connection {
        try database.write { transaction in
            try refuseIfMoved(integration, caller, transaction)
            try permission.check(integration, caller, transaction)
            let holder = integration.holder(for: caller.userID)
            let old = try Connection.find(integration, holder: holder, transaction)
            let id = old?.id ?? Identifier.make("conn")
            var values = try credentials.columns(issued, id: id, ownerID: caller.userID)
            values["integrationID"] = .text(integration.id)
            values["holder"] = .text(holder)
            values["ownerID"] = .text(caller.userID)
            values["data"] = .text(data.text)
            values["lacksRefreshToken"] = .bool(
                integration.definition.asksForRefreshToken && !issued.hasRefreshToken)
            try transaction.execute(Self.upsert, values)
            guard let connection = try Connection.find(id: id, transaction) else {
                throw ConnectionsError.connectionNotFound
            }
            try revoke(old, replacedBy: connection, with: issued, integration, transaction)
            return connection
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

    /// Queues the tokens that were replaced, and has the holder's queued ones wait until the
    /// connection ends.
    private func revoke(
        _ old: Connection?, replacedBy connection: Connection, with issued: IssuedCredential,
        _ integration: Integration, _ transaction: Transaction
    ) throws {
        let holder = connection.holder
        try revocations.drop(tokensOf: issued, integration, holder: holder, transaction)
        try RevocationQueue.hold(
            back: integration, holder: holder, until: connection.id, transaction)
        guard let replaced = old.flatMap(credentials.revocable)?.without(issued) else {
            return
        }
        // An access token that was issued once more must not be revoked with the old tokens.
        let waits =
            !integration.definition.revokesReplacedTokens
            || replaced.sharesAccessToken(with: issued)
        try revocations.enqueue(
            replaced, integration, holder: holder, after: waits ? connection.id : nil, transaction)
    }

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
}
