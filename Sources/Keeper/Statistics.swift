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
            let active = try count("connection WHERE status = 'active'", reader)
            let failing = try count(
                "connection WHERE refreshTrouble IS NOT NULL AND status = 'active' "
                    + "AND json_extract(refreshTrouble, '$.isLasting')", reader)
            return Statistics(
                connections: [
                    (.active, active - failing), (.refreshFailing, failing),
                    (
                        .reauthorizationRequired,
                        try count("connection WHERE status = 'reauthorization_required'", reader)
                    ),
                ],
                connectionsInTrouble: try count(
                    "connection WHERE refreshTrouble IS NOT NULL AND status = 'active'", reader),
                refusedClients: try ClientRefusal.inForce(reader).count,
                waitingRevocations: try count("revocation WHERE afterConnection IS NULL", reader),
                oldestRevocation: try reader.first(
                    "SELECT min(createdAt) FROM revocation WHERE afterConnection IS NULL"
                ) { $0.integerOrNil(0).map(Timestamp.init(seconds:)) } ?? nil,
                heldBackRevocations: try count(
                    "revocation WHERE afterConnection IS NOT NULL", reader),
                unstoredTokens: unstored.count, callsInFlight: limiter.inFlight,
                isLeading: leadership.wasOurs)
        }
    }

    private func count(_ rows: String, _ reader: Reader) throws -> Int {
        Int(try reader.number("SELECT count(*) FROM \(rows)"))
    }
}
