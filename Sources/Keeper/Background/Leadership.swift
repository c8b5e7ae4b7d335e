import Connections
import Logging
import Primitives
import Storage
import Synchronization

/// The choice of the one process on a database that does the shared work: the one with the lease.
package final class Leadership: Sendable {
    private static let name = "background"
    /// The milliseconds that it lasts without being extended, and those after which it is extended.
    private static let length: Int64 = 30_000
    private static let refresh: Int64 = 10_000

    private let database: Database
    private let registry: ProcessRegistry
    private let clock: Clock
    private let logger: Logger
    /// The time at which this process last wrote its lease.
    private let since = Mutex<Int64?>(nil)

    init(database: Database, registry: ProcessRegistry, clock: Clock, logger: Logger) {
        self.logger = logger
        self.database = database
        self.registry = registry
        self.clock = clock
    }

    /// Whether this process led when it last looked.
    var wasOurs: Bool { since.withLock { $0 != nil } }

    /// Whether this process leads; takes the lead when no process does.
    ///
    /// - Throws: ``StorageError``.
    func isOurs() throws -> Bool {
        let now = clock.uptime
        if let since = since.withLock({ $0 }), now - since < Self.refresh { return true }
        if try database.read({ try isTaken($0) }) { return lose() }
        try registry.show()
        let isOurs = try database.write { transaction in
            if try isTaken(transaction) { return false }
            try Lease(
                name: Self.name, generation: 0, process: registry.id, deadline: now + Self.length
            ).take(transaction)
            return true
        }
        guard isOurs else { return lose() }
        let isNew = since.withLock { since in
            defer { since = now }
            return since == nil
        }
        if isNew { logger.info("this process does the background's work") }
        return true
    }

    private func isTaken(_ reader: Reader) throws -> Bool {
        try Lease.find(Self.name, reader)?.binds(registry, uptime: clock.uptime) ?? false
    }

    private func lose() -> Bool {
        let wasOurs = since.withLock { since in
            defer { since = nil }
            return since != nil
        }
        if wasOurs { logger.info("another process does the background's work") }
        return false
    }
}
