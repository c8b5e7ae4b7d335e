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
    /// - Parameter moment: The beginning of the request that asks for it.
    /// - Throws: ``ConnectionsError/integrationNotFound``, ``ConnectionsError/connectionNotFound``.
    package func find(
        _ reference: String, for caller: Caller, asOf moment: ContinuousClock.Instant = .now
    ) throws -> FoundConnection {
        guard let look = try look(reference, caller, asOf: moment),
            look.integration.isVisible(to: caller)
        else { throw ConnectionsError.integrationNotFound }
        guard let found = look.found else { throw ConnectionsError.connectionNotFound }
        return found
    }

    /// Returns the same, to be looked at and not used: also where its owner has lost the right to
    /// use the integration, and can still end the connection.
    ///
    /// - Parameter moment: The beginning of the request that asks for it.
    /// - Throws: ``ConnectionsError/integrationNotFound``, ``ConnectionsError/connectionNotFound``.
    package func show(
        _ reference: String, to caller: Caller, asOf moment: ContinuousClock.Instant = .now
    ) throws -> FoundConnection {
        guard let look = try look(reference, caller, asOf: moment),
            look.integration.isVisible(to: caller)
                || look.found?.connection.isOwned(by: caller) == true
        else { throw ConnectionsError.integrationNotFound }
        guard let found = look.found else { throw ConnectionsError.connectionNotFound }
        return found
    }

    /// An integration, and the user's connection with it, if there is one.
    private final class Look: Sendable {
        let integration: Integration
        let found: FoundConnection?

        init(_ integration: Integration, _ connection: Connection?) {
            self.integration = integration
            found = connection.map { FoundConnection(connection: $0, integration: integration) }
        }
    }

    private func look(
        _ reference: String, _ caller: Caller, asOf moment: ContinuousClock.Instant
    ) throws -> Look? {
        let key = Self.key(reference, userID: caller.userID)
        return try database.remembered(key, asOf: moment) {
            try look(reference, userID: caller.userID, $0)
        }
    }

    private static func key(_ reference: String, userID: String) -> ReadKey {
        var pair: [UInt8] = []
        pair.reserveCapacity(reference.utf8.count + 1 + userID.utf8.count)
        pair.append(contentsOf: reference.utf8)
        // A user's id has no control character, so that no other pair gives this text.
        pair.append(0)
        pair.append(contentsOf: userID.utf8)
        return ReadKey("connection", pair)
    }

    private func look(
        _ reference: String, userID: String, _ reader: Reader
    ) throws -> Look? {
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
        return Look(integration, found.connection)
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
