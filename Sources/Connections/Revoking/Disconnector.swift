import Integrations
import Logging
import Primitives
import Storage

/// Ends connections. Deleting one and queueing its grant is one transaction, so that a connection
/// is unusable at once and its tokens are never forgotten; the provider is told in the background.
package final class Disconnector: Sendable {
    private let database: Database
    private let connections: ConnectionStore
    private let credentials: ConnectionCredentials
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue
    private let clock: Clock
    private let logger: Logger

    package init(_ dependencies: Dependencies, _ stores: Stores) {
        database = dependencies.database
        connections = stores.connections
        credentials = stores.credentials
        integrations = stores.integrations
        revocations = stores.revocations
        clock = dependencies.clock
        logger = dependencies.logger
    }

    /// Ends the caller's connection for an integration, or its shared one; the caller's own also
    /// where the caller has lost the right to use the integration.
    ///
    /// - Throws: ``ConnectionsError``: not found, or another user's shared connection.
    @discardableResult
    package func disconnect(
        _ reference: String, by caller: Caller
    ) throws -> RevocationOutlook {
        let (outlook, connection, integration) = try database.write { transaction in
            try caller.checkStands(at: clock.now, transaction)
            let integration = try integrations.find(reference, for: .system, transaction)
            let holder = integration.holder(for: caller.userID)
            let connection = try Connection.find(integration, holder: holder, transaction)
            let isOwner = connection?.isOwned(by: caller) == true
            guard isOwner || integration.isVisible(to: caller) else {
                throw ConnectionsError.integrationNotFound
            }
            guard let connection else { throw ConnectionsError.connectionNotFound }
            guard isOwner || caller.isSuperuser else { throw ConnectionsError.notOwner }
            return (try end(connection, integration, transaction), connection, integration)
        }
        note(outlook, [connection.id], integration)
        return outlook
    }

    /// Removes an integration.
    ///
    /// - Parameters:
    ///   - disconnecting: Whether its connections end with it; their grants are queued in
    ///     the same transaction.
    ///   - caller: A superuser.
    /// - Returns: The fate of the grants of its connections: `unsupported` where that holds for
    ///   any of them.
    /// - Throws: ``ConnectionsError``: not found, or connections exist.
    @discardableResult
    package func remove(
        _ reference: String, disconnecting: Bool, by caller: Caller = .system
    ) throws -> RevocationOutlook {
        let (ended, integration) = try database.write { transaction in
            try caller.checkStands(at: clock.now, transaction)
            let integration = try integrations.find(reference, for: .system, transaction)
            let ended = disconnecting ? try endAll(integration, transaction) : []
            try integrations.remove(integration, transaction)
            return (ended, integration)
        }
        let left = ended.filter { $0.outlook == .unsupported }.map(\.id)
        note(left.isEmpty ? .none : .unsupported, left, integration)
        if !left.isEmpty { return .unsupported }
        return ended.contains { $0.outlook == .queued } ? .queued : .none
    }

    /// Ends a user's connections, each in a transaction of its own.
    ///
    /// - Parameters:
    ///   - reference: The integration, when it is only about one.
    ///   - includingShared: Whether shared connections that the user made end too.
    /// - Returns: The slugs of the integrations whose connections ended, with the fate of the
    ///   grants, and of those whose shared ones were left.
    package func disconnectAll(
        ofUser userID: String, integration reference: String?, includingShared: Bool
    ) throws -> (ended: [(slug: String, outlook: RevocationOutlook)], left: [String]) {
        let found = try connections.listAll(
            ownerID: userID, integration: reference, status: nil)
        var ended: [(slug: String, outlook: RevocationOutlook)] = []
        var left: [String] = []
        for (connection, slug) in found {
            if connection.isShared, !includingShared {
                left.append(slug)
                continue
            }
            let outlook = try database.write { transaction -> RevocationOutlook? in
                guard let current = try Connection.find(id: connection.id, transaction),
                    current.ownerID.utf8.elementsEqual(userID.utf8)
                else { return nil }
                let integration = try integrations.find(
                    current.integrationID, for: .system, transaction)
                return try end(current, integration, transaction)
            }
            if let outlook { ended.append((slug, outlook)) }
        }
        return (ended, left)
    }

    private func endAll(
        _ integration: Integration, _ transaction: Transaction
    ) throws -> [(id: String, outlook: RevocationOutlook)] {
        let connections = try transaction.all(
            "SELECT \(Connection.columns) FROM connection WHERE integrationId = :id",
            ["id": .text(integration.id)], Connection.init(row:))
        return try connections.map { ($0.id, try end($0, integration, transaction)) }
    }

    private func end(
        _ connection: Connection, _ integration: Integration, _ transaction: Transaction
    ) throws -> RevocationOutlook {
        try Connection.delete(id: connection.id, transaction)
        try revocations.release(after: connection.id, transaction)
        guard let issued = credentials.revocable(connection), issued.isOAuth else {
            return .none
        }
        let isQueued = try revocations.enqueue(
            issued, integration, holder: connection.holder, data: connection.data, after: nil,
            transaction)
        if isQueued { return .queued }
        // A token that the client obtained for itself is no user's grant.
        return integration.definition.grant.consent == .none ? .none : .unsupported
    }

    /// Logs a grant that no queue will revoke, once.
    private func note(
        _ outlook: RevocationOutlook, _ ids: [String], _ integration: Integration
    ) {
        guard outlook == .unsupported else { return }
        logger.notice(
            "disconnected without revocation: the grant is still listed at the provider",
            metadata: [
                "integration": "\(integration.slug)",
                "connection": "\(ids.joined(separator: " "))",
                "advice": "give the integration the provider's 'revocationUri', if it has one",
            ])
    }
}
