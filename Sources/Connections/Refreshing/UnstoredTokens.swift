import Encoding
import Logging
import Storage
import Synchronization

/// Tokens that a provider gave out and the database did not take: its disk is full, or fails.
///
/// They may be the only valid ones, so they are held and used, kept sealed in a file whose room
/// was taken beforehand, and tried to be stored again and again. Should this process end before
/// that, the next one finds them there.
final class UnstoredTokens: Sendable {
    private struct Held {
        let grant: Grant
        let connection: Connection
    }

    private let connections: ConnectionStore
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue
    private let presence: Presence
    private let vault: Vault
    private let logger: Logger
    private let held = Mutex<[String: Held]>([:])
    /// Whether the file holds all that is held.
    private let isInFile = Mutex(true)

    init(
        connections: ConnectionStore, integrations: IntegrationStore, revocations: RevocationQueue,
        presence: Presence, vault: Vault, logger: Logger
    ) {
        self.connections = connections
        self.integrations = integrations
        self.revocations = revocations
        self.presence = presence
        self.vault = vault
        self.logger = logger
    }

    /// Takes tokens that could not be stored.
    func hold(_ grant: Grant, refreshing connection: Connection) {
        held.withLock { held in
            held[connection.id] = Held(grant: grant, connection: connection)
            keep(held)
        }
    }

    /// The credential that is held for a connection whose stored one it replaces.
    func credential(of connection: Connection) -> Credential? {
        held.withLock { held in
            guard let entry = held[connection.id],
                entry.connection.generation == connection.generation
            else { return nil }
            return entry.grant.credential
        }
    }

    var count: Int { held.withLock { $0.count } }

    /// Whether another process would find them, should this one end.
    var isKept: Bool { isInFile.withLock { $0 } }

    /// Tries to store what is held.
    ///
    /// - Returns: Whether nothing is left.
    @discardableResult
    func tryToStore() -> Bool {
        for entry in held.withLock({ Array($0.values) }) {
            do {
                try store(entry.grant, of: entry.connection)
            } catch {
                return false
            }
            held.withLock { held in
                held[entry.connection.id] = nil
                keep(held)
            }
            logger.notice("held token stored", metadata: ["connection": "\(entry.connection.id)"])
        }
        return count == 0
    }

    /// Stores what another process kept: one that is stopped or has ended.
    ///
    /// - Throws: ``StorageError``.
    func store(keptBy process: String) throws {
        try store(presence.records(of: process), keptBy: process)
    }

    /// Stores what processes kept that have ended.
    ///
    /// - Throws: ``StorageError``; the records stay for another time.
    func recover() throws {
        try presence.recover { process, records in try store(records, keptBy: process) }
    }

    private func store(_ records: [[UInt8]], keptBy process: String) throws {
        for record in records {
            do {
                try store(KeptToken(sealed: record, by: process, vault))
            } catch let error as ConnectionsError {
                // Cut short in writing, or sealed with a key that is gone: nothing to be had.
                logger.error("a kept token does not open", metadata: ["error": "\(error)"])
            }
        }
    }

    private func store(_ kept: KeptToken) throws {
        guard let connection = try connections.find(id: kept.connectionID) else {
            return try giveUp(kept.grant, kept.integrationID, holder: kept.holder)
        }
        // An older one was stored by its process, which ended before it could say so.
        guard connection.generation == kept.generation else { return }
        try store(kept.grant, of: connection)
        logger.notice("kept token stored", metadata: ["connection": "\(connection.id)"])
    }

    private func store(_ grant: Grant, of connection: Connection) throws {
        if try connections.store(grant, refreshing: connection, holder: presence.id) { return }
        // Another process may have found them in our file.
        if try connections.holds(grant.credential, id: connection.id) { return }
        try giveUp(grant, connection.integrationID, holder: connection.holder)
    }

    /// Nothing can be revoked any more once the integration is gone.
    private func giveUp(_ grant: Grant, _ integrationID: String, holder: String) throws {
        do {
            let integration = try integrations.find(integrationID, for: .system)
            try revocations.enqueue(late: grant, integration, holder: holder)
        } catch ConnectionsError.integrationNotFound {
            logger.warning("late tokens dropped", metadata: ["integration": "\(integrationID)"])
        }
    }

    private func keep(_ held: [String: Held]) {
        do {
            try presence.keep(
                held.values.map { entry in
                    try KeptToken(entry.grant, refreshing: entry.connection)
                        .sealed(by: presence.id, vault)
                })
            isInFile.withLock { $0 = true }
        } catch {
            isInFile.withLock { $0 = false }
            logger.critical(
                "a token is held in memory only", metadata: ["error": "\(error)"])
        }
    }
}
