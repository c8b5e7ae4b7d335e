import Integrations
import Primitives
import Storage

extension ConnectionStore {
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

    /// The operator's list: all connections, or one integration's, by their owners.
    ///
    /// - Parameter reference: An integration's id or slug.
    /// - Throws: ``ConnectionsError/integrationNotFound``.
    package func listAll(
        ownerID: String?, integration reference: String?, status: Connection.Standing?
    ) throws -> [(connection: Connection, slug: String)] {
        let found = try database.read { reader in
            let integration = try reference.map { try integrations.find($0, for: .system, reader) }
            return try reader.all(
                """
                SELECT \(Connection.columns), integration.slug FROM connection
                JOIN integration ON integration.id = connection.integrationId
                WHERE (:ownerID IS NULL OR connection.ownerId = :ownerID)
                    AND (:integrationID IS NULL OR connection.integrationId = :integrationID)
                    AND (:status IS NULL OR connection.status = :status)
                ORDER BY connection.ownerId, integration.slug
                """,
                [
                    "ownerID": .text(orNull: ownerID),
                    "integrationID": .text(orNull: integration?.id),
                    "status": .text(orNull: status?.status.rawValue),
                ]
            ) { row -> (connection: Connection, slug: String) in
                (Connection(row: row), row.text(Connection.columnCount))
            }
        }
        return found.filter { status == nil || $0.connection.standing == status }
    }
}
