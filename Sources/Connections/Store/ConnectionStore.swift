import Integrations
import Primitives
import Storage

/// The connections, looked up and listed for their users and for operators.
package final class ConnectionStore: Sendable {
    let database: Database
    let integrations: IntegrationStore

    init(database: Database, integrations: IntegrationStore) {
        self.database = database
        self.integrations = integrations
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
}
