import Primitives
import Storage
import Synchronization
import Vault

/// Whether the service can do its work: the database can be read, takes a durable write, and
/// what is sealed in it opens.
package final class Readiness: Sendable {
    private let database: Database
    private let keyRing: LiveKeyRing
    private let clock: Clock
    /// When it was last found to be so: anybody may ask, and a durable write is dear.
    private let lastSuccess = Mutex(Timestamp(seconds: 0))

    init(database: Database, keyRing: LiveKeyRing, clock: Clock) {
        self.database = database
        self.keyRing = keyRing
        self.clock = clock
    }

    /// Checks, once a second at most.
    ///
    /// - Throws: ``StorageError`` or ``ConnectionsError`` when not.
    package func check() throws {
        let now = clock.now
        if lastSuccess.withLock({ $0 == now }) { return }
        try SealingKey.verify(keyRing.keyRing, in: database)
        try database.probeWriting()
        lastSuccess.withLock { $0 = now }
    }
}
