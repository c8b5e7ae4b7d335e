import Foundation
import Locking
import Logging
import Primitives
import Storage
import Synchronization

/// Has a serving process go by the key ring's file as it changes.
///
/// A changed key ring is adopted in this order: it must open what the database has; the process
/// says in the database that it has its keys; only then it seals with them. So whoever reads there
/// that every process seals with a new key knows that the old one seals nothing more.
package final class KeyRingWatch: Sendable {
    private let database: Database
    private let keys: LiveKeyRing
    private let registry: ProcessRegistry
    private let clock: Clock
    private let logger: Logger
    private let startedAt: Timestamp
    private let state = Mutex(State())
    private let looking = Mutex<PeriodicWork?>(nil)

    private struct State {
        var isStopping = false
        /// The file's version that was adopted.
        var stamp: KeyRingFile.Stamp?
        /// The last failure, which is told once.
        var failure: String?
    }

    package init(
        database: Database, keys: LiveKeyRing, registry: ProcessRegistry, clock: Clock,
        logger: Logger
    ) {
        self.database = database
        self.keys = keys
        self.registry = registry
        self.clock = clock
        self.logger = logger
        startedAt = clock.now
    }

    /// Says which keys this process has, and watches from now on.
    package func start() {
        look()
        let work = PeriodicWork("key ring", every: 1) { _ in self.look() }
        looking.withLock { $0 = work }
        work.start()
    }

    package func stop() {
        looking.withLock { $0?.stop() }
        state.withLock { state in
            state.isStopping = true
            _ = try? database.write { try ServingProcess.delete(id: registry.id, $0) }
        }
    }

    /// One look at the file; what cannot be done now is tried with the next.
    package func look() {
        state.withLock { state in
            if state.isStopping { return }
            do {
                try update(&state)
                state.failure = nil
            } catch {
                let failure = "\(error)"
                if state.failure != failure {
                    logger.error("the key ring is not adopted", metadata: ["error": "\(failure)"])
                }
                state.failure = failure
            }
        }
    }

    private func update(_ state: inout State) throws {
        try registry.show()
        let stamp = keys.source?.stamp
        let isKnown = try database.read { try ServingProcess.isThere(id: registry.id, $0) }
        if isKnown, state.stamp == stamp { return }
        let keyRing = try keys.source?.read() ?? keys.keyRing
        try SealingKey.verify(keyRing, in: database)
        try register(keyRing)
        if keyRing.ids != keys.keyRing.ids {
            logger.notice("key ring adopted", metadata: ["sealing": "\(keyRing.current.id)"])
        }
        keys.adopt(keyRing)
        state.stamp = stamp
    }

    private func register(_ keyRing: KeyRing) throws {
        try database.write { transaction in
            try ServingProcess.deleteEnded(registry, transaction)
            try ServingProcess(
                id: registry.id, pid: ProcessInfo.processInfo.processIdentifier,
                keyIDs: keyRing.ids, sealingKeyID: keyRing.current.id, startedAt: startedAt
            ).insert(transaction)
        }
    }
}
