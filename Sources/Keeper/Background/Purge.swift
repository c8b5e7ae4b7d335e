import Connections
import Encoding
import Primitives
import Storage

/// Removes expired rows, in batches: one large transaction would keep writers waiting.
package struct Purge: Sendable {
    let database: Database
    let lifetimes: SessionLifetimes
    let clock: Clock
    let counters: EventCounters
    /// Rows removed in one transaction.
    private static let batch = 500
    /// The seconds that API keys and revocations stay after their end: a clock that was wrong for a
    /// day must not cost them.
    private static let grace: Int64 = 7 * 86_400

    private struct Expired {
        let table: String
        let key: String
        let condition: String
    }

    private var expired: [Expired] {
        [
            Expired(table: "session", key: "idHash", condition: "expiresAt <= :now"),
            Expired(
                table: "session", key: "idHash",
                condition: "lastUsedAt <= :now - \(lifetimes.idle.inWholeSeconds)"),
            Expired(table: "sessionTicket", key: "ticketHash", condition: "expiresAt <= :now"),
            Expired(
                table: "pendingAuthorization", key: "stateHash",
                condition: "expiresAt <= :now - \(PendingAuthorization.keptAfterExpiry)"),
            Expired(table: "usedState", key: "stateHash", condition: "expiresAt <= :now"),
            Expired(
                table: "apiKey", key: "keyHash", condition: "expiresAt <= :now - \(Self.grace)"),
            Expired(
                table: "revocation", key: "id",
                condition: "afterConnection IS NULL AND expiresAt <= :now - \(Self.grace)"),
        ]
    }

    /// Removes the expired rows.
    ///
    /// - Returns: The number of removed rows.
    /// - Throws: ``StorageError``.
    @discardableResult
    func run(unless shouldStop: () -> Bool) throws -> Int {
        var removed = 0
        for rows in expired {
            while !shouldStop() {
                let count = try removeBatch(rows)
                removed += count
                if count < Self.batch { break }
            }
        }
        counters.count(.purged, times: removed)
        return removed
    }

    private func removeBatch(_ rows: Expired) throws -> Int {
        let now: Parameters = ["now": .integer(clock.now.seconds)]
        // Read first: an empty purge must not take the write lock.
        let isEmpty = try database.read {
            try $0.number(
                "SELECT EXISTS (SELECT 1 FROM \(rows.table) WHERE \(rows.condition))", now) == 0
        }
        if isEmpty { return 0 }
        return try database.write {
            try $0.execute(
                """
                DELETE FROM \(rows.table) WHERE \(rows.key) IN
                    (SELECT \(rows.key) FROM \(rows.table) WHERE \(rows.condition)
                     LIMIT \(Self.batch))
                """, now)
        }
    }
}
