import Connections
import Limits
import Primitives
import Storage

/// The state of the service, for operators and monitoring programs.
package struct Statistics: Sendable {
    package let connections: [(status: Connection.Standing, count: Int)]
    /// Connections whose last refresh failed, and that need not be authorized again for that.
    package let connectionsInTrouble: Int
    /// Integrations whose client the provider refuses.
    package let refusedClients: Int
    /// Grants to be revoked, and the time when the first of them was given up.
    package let waitingRevocations: Int
    package let oldestRevocation: Timestamp?
    /// Grants that are revoked once their owner's present connection ends.
    package let heldBackRevocations: Int
    /// Refreshed tokens that the database has not taken yet.
    package let unstoredTokens: Int
    /// Calls through connections that are under way in this process.
    package let callsInFlight: Int
    /// Whether this process does the background's work for all.
    package let isLeading: Bool
}

/// Reads ``Statistics``.
package struct StatisticsReader: Sendable {
    let database: Database
    let unstored: UnstoredTokens
    let leadership: Leadership
    let limiter: CallLimiter
    package let counters: EventCounters

    /// - Throws: ``StorageError``.
    package func read() throws -> Statistics {
        try database.read { reader in
            let counts = try RowCounts(reader)
            return Statistics(
                connections: [
                    (.active, counts[.activeConnection] + counts[.connectionInTrouble]),
                    (.refreshFailing, counts[.refreshFailingConnection]),
                    (.reauthorizationRequired, counts[.reauthorizationRequiredConnection]),
                ],
                connectionsInTrouble: counts[.connectionInTrouble]
                    + counts[.refreshFailingConnection],
                refusedClients: try ClientRefusal.inForce(reader).count,
                waitingRevocations: counts[.waitingRevocation],
                oldestRevocation: try reader.first(
                    "SELECT min(createdAt) FROM revocation WHERE afterConnection IS NULL"
                ) { $0.integerOrNil(0).map(Timestamp.init(seconds:)) } ?? nil,
                heldBackRevocations: counts[.heldBackRevocation],
                unstoredTokens: unstored.count, callsInFlight: limiter.inFlight,
                isLeading: leadership.wasOurs)
        }
    }
}
