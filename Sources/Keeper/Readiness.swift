import Primitives
import Storage
import Synchronization
import Vault

/// The check that the service can do its work: the database can be read and takes a durable write,
/// and its sealed values open.
package final class Readiness: Sendable {
    private let database: Database
    private let keyRing: LiveKeyRing
    private let clock: Clock
    /// The time of the last success: anyone may ask, and a durable write is expensive.
    private let lastSuccess = Mutex(Timestamp(seconds: 0))

    init(database: Database, keyRing: LiveKeyRing, clock: Clock) {
        self.database = database
        self.keyRing = keyRing
        self.clock = clock
    }

    /// Checks, once a second at most.
    ///
    /// - Throws: ``StorageError`` or ``ConnectionsError`` when the service cannot work.
    package func check() throws {
        let now = clock.now
        if lastSuccess.withLock({ $0 == now }) { return }
        try SealingKey.verify(keyRing.keyRing, in: database)
        try database.probeWriting()
        lastSuccess.withLock { $0 = now }
    }
}
