import Foundation
import Logging
import Storage

/// What has to happen without being asked for: purging what has expired, retrying revocations.
/// A thread of its own; every process on a database may run one.
package final class Housekeeper: Sendable {
    private let database: Database
    private let revocations: RevocationQueue
    private let lifetimes: SessionLifetimes
    private let clock: Clock
    private let logger: Logger
    /// Guards `isStopping`, and is signalled when it changes.
    private let condition = NSCondition()
    nonisolated(unsafe) private var isStopping = false
    nonisolated(unsafe) private var hasEnded = false
    /// Rows removed in one transaction: a large one would keep writers waiting.
    private static let batch = 500
    /// Seconds between rounds.
    private static let interval: TimeInterval = 15
    /// Seconds that stopping waits for the current step.
    private static let patience: TimeInterval = 0.5

    init(
        database: Database, revocations: RevocationQueue, lifetimes: SessionLifetimes,
        clock: Clock, logger: Logger
    ) {
        self.database = database
        self.revocations = revocations
        self.lifetimes = lifetimes
        self.clock = clock
        self.logger = logger
    }

    /// Begins the rounds.
    package func start() {
        Thread { self.run() }.start()
    }

    /// Ends the rounds. A purge's batch is waited for; a provider that hangs is not: what it was
    /// asked stays queued.
    package func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
            let limit = Date() + Self.patience
            while !hasEnded, condition.wait(until: limit) {}
        }
    }

    private func run() {
        while !shouldStop {
            round()
            condition.withLock {
                if !isStopping { _ = condition.wait(until: Date() + Self.interval) }
            }
        }
        condition.withLock {
            hasEnded = true
            condition.broadcast()
        }
    }

    /// One round: also what a test, or a command, runs by itself.
    package func round() {
        do {
            try purge()
            try revocations.attemptDue(unless: { shouldStop })
        } catch {
            logger.error("housekeeping failed", metadata: ["error": "\(error)"])
        }
    }

    /// Removes what has expired, a batch at a time.
    ///
    /// - Returns: How many rows went.
    @discardableResult
    package func purge() throws -> Int {
        let now = clock.now.seconds
        let expired: [(table: String, condition: String)] = [
            ("session", "expiresAt <= :now"),
            ("session", "lastUsedAt <= :now - \(lifetimes.idle)"),
            ("sessionTicket", "expiresAt <= :now"),
            ("pendingAuthorization", "expiresAt <= :now"),
            ("apiKey", "expiresAt <= :now"),
            ("revocation", "expiresAt <= :now"),
        ]
        var removed = 0
        for (table, condition) in expired {
            removed += try purge(table, where: condition, now: now)
        }
        if removed > 0 { logger.debug("purged", metadata: ["rows": "\(removed)"]) }
        return removed
    }

    private func purge(_ table: String, where condition: String, now: Int64) throws -> Int {
        let key = Self.primaryKeys[table] ?? "id"
        var removed = 0
        while !shouldStop {
            // Looked at first: an empty purge must not take the write lock.
            let isEmpty = try database.read {
                try $0.number(
                    "SELECT EXISTS (SELECT 1 FROM \(table) WHERE \(condition))",
                    ["now": .integer(now)]) == 0
            }
            if isEmpty { break }
            removed += try database.write {
                try $0.execute(
                    """
                    DELETE FROM \(table) WHERE \(key) IN
                        (SELECT \(key) FROM \(table) WHERE \(condition) LIMIT \(Self.batch))
                    """, ["now": .integer(now)])
            }
        }
        return removed
    }

    private static let primaryKeys = [
        "session": "idHash", "sessionTicket": "ticketHash", "pendingAuthorization": "stateHash",
        "apiKey": "keyHash", "revocation": "id",
    ]

    private var shouldStop: Bool { condition.withLock { isStopping } }
}
