import Locking
import Primitives
import Storage

/// The connections that calls have used. Written to the database from time to time and not with
/// each call: a durable write costs more than the rest of the call.
package final class UsageLog: Sendable {
    private let database: Database
    private let clock: Clock
    private let used = BargingLock<[String: Timestamp]>([:])

    init(database: Database, clock: Clock) {
        self.database = database
        self.clock = clock
    }

    package func note(_ connection: Connection) {
        let now = clock.now
        used.withLock { $0[connection.id] = now }
    }

    /// Writes the noted uses to the database.
    ///
    /// - Throws: ``StorageError``; the uses are then kept for the next time.
    package func write() throws {
        let noted = used.withLock { $0 }
        if noted.isEmpty { return }
        try database.write { transaction in
            for (id, moment) in noted {
                try transaction.execute(
                    "UPDATE connection SET lastUsedAt = :moment WHERE id = :id",
                    ["id": .text(id), "moment": .integer(moment.seconds)])
            }
        }
        used.withLock { used in
            for (id, moment) in noted where used[id] == moment { used[id] = nil }
        }
    }
}
