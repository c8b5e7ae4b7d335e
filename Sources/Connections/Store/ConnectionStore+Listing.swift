import Storage

extension ConnectionStore {
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
