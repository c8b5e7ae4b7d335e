import Storage

/// Ends connections. Deleting one and queueing what has to be revoked is one transaction, so
/// that a connection is unusable at once and its tokens are never forgotten; the provider is told
/// in the background.
package final class Disconnector: Sendable {
    private let connections: ConnectionStore
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue

    init(
        connections: ConnectionStore, integrations: IntegrationStore, revocations: RevocationQueue
    ) {
        self.connections = connections
        self.integrations = integrations
        self.revocations = revocations
    }

    /// Ends the caller's connection for an integration, or its shared one; the caller's own also
    /// where the caller has lost the right to use the integration.
    ///
    /// - Throws: ``ConnectionsError``: not found, or somebody else's shared connection.
    package func disconnect(_ reference: String, by caller: Caller) throws {
        try connections.database.write { transaction in
            try caller.checkStands(at: connections.clock.now, transaction)
            let integration = try integrations.find(reference, for: .system, transaction)
            let holder = integration.holder(for: caller.userID)
            let connection = try Connection.find(integration, holder: holder, transaction)
            let isOwner = connection?.isOwned(by: caller) == true
            guard isOwner || integration.isVisible(to: caller) else {
                throw ConnectionsError.integrationNotFound
            }
            guard let connection else { throw ConnectionsError.connectionNotFound }
            guard isOwner || caller.isSuperuser else { throw ConnectionsError.notOwner }
            try end(connection, integration, transaction)
        }
    }

    /// Removes an integration.
    ///
    /// - Parameters:
    ///   - disconnecting: Whether its connections end with it; what has to be revoked is queued in
    ///     the same transaction.
    ///   - caller: A superuser.
    /// - Throws: ``ConnectionsError``: not found, or connections exist.
    package func remove(
        _ reference: String, disconnecting: Bool, by caller: Caller = .system
    ) throws {
        try connections.database.write { transaction in
            try caller.checkStands(at: connections.clock.now, transaction)
            let integration = try integrations.find(reference, for: .system, transaction)
            if disconnecting { try endAll(integration, transaction) }
            try integrations.remove(integration, transaction)
        }
    }

    /// Ends a user's connections, each in a transaction of its own.
    ///
    /// - Parameters:
    ///   - reference: The integration, when it is only about one.
    ///   - includingShared: Whether shared connections that the user made end too.
    /// - Returns: The slugs of the integrations whose connections ended, and of those whose shared
    ///   ones were left.
    package func disconnectAll(
        ofUser userID: String, integration reference: String?, includingShared: Bool
    ) throws -> (ended: [String], left: [String]) {
        let found = try connections.listAll(
            ownerID: userID, integration: reference, status: nil)
        var ended: [String] = []
        var left: [String] = []
        for (connection, slug) in found {
            if connection.isShared, !includingShared {
                left.append(slug)
                continue
            }
            let isEnded = try connections.database.write { transaction in
                guard let current = try Connection.find(id: connection.id, transaction),
                    current.ownerID.utf8.elementsEqual(userID.utf8)
                else { return false }
                let integration = try integrations.find(
                    current.integrationID, for: .system, transaction)
                try end(current, integration, transaction)
                return true
            }
            if isEnded { ended.append(slug) }
        }
        return (ended, left)
    }

    private func endAll(_ integration: Integration, _ transaction: Transaction) throws {
        let connections = try transaction.all(
            "SELECT \(Connection.columns) FROM connection WHERE integrationId = :id",
            ["id": .text(integration.id)], Connection.init(row:))
        for connection in connections { try end(connection, integration, transaction) }
    }

    private func end(
        _ connection: Connection, _ integration: Integration, _ transaction: Transaction
    ) throws {
        try Connection.delete(id: connection.id, transaction)
        try revocations.release(after: connection.id, transaction)
        guard let grant = connections.revocableGrant(of: connection) else { return }
        try revocations.enqueue(
            grant, integration, holder: connection.holder, data: connection.data, after: nil,
            transaction)
    }
}
