import Foundation
import Locking
import Logging
import Primitives
import Storage
import Synchronization

/// Makes a serving process follow the key ring's file as it changes.
///
/// A changed key ring is adopted in this order: it must open the values in the database; the
/// process reports in the database that it has its keys; only then it seals with them. So when
/// every process reports there that it seals with a new key, no process seals with the old one any
/// more.
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
        /// The version of the file that was adopted.
        var stamp: KeyRingFile.Stamp?
        /// The last failure, which is logged once.
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

    /// Reports the keys that this process has, and starts watching.
    package func start() {
        look()
        let work = PeriodicWork("key ring", every: .seconds(1)) { _ in self.look() }
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

    /// Looks at the file once; a step that fails is tried again with the next look.
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
