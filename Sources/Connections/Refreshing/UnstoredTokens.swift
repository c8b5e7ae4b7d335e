import Integrations
import Logging
import Primitives
import Storage
import Synchronization
import Vault

/// Tokens that a provider gave out and that are not in the database yet.
///
/// They may be the only valid ones. So before the database is asked to take them, they are written,
/// sealed, to a file whose space was reserved beforehand: should this process end in between, the
/// next one finds them there. Tokens that the database does not take, because its disk is full or
/// fails, are used from here and stored later.
package final class UnstoredTokens: Sendable {
    private struct Held {
        let issued: IssuedCredential
        let connection: Connection
        /// The integration as it was when the tokens were asked for.
        let integration: Integration
        /// Whether the database was asked, and did not take it.
        var isRefused = false
    }

    private let connections: ConnectionStore
    private let outcomes: RefreshOutcomes
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue
    private let registry: ProcessRegistry
    private let vault: Vault
    private let logger: Logger
    private let held = Mutex<[String: Held]>([:])
    /// A flag that is read with every call: mostly nothing is held.
    private let isEmpty = Atomic(true)
    /// Whether the file contains everything that is held.
    private let isInFile = Atomic(true)
    /// Records that do not open; each is logged once.
    private let unreadable = Mutex<Set<String>>([])

    init(
        connections: ConnectionStore, outcomes: RefreshOutcomes, integrations: IntegrationStore,
        revocations: RevocationQueue, registry: ProcessRegistry, vault: Vault, logger: Logger
    ) {
        self.connections = connections
        self.outcomes = outcomes
        self.integrations = integrations
        self.revocations = revocations
        self.registry = registry
        self.vault = vault
        self.logger = logger
    }

    /// Takes tokens before they are stored. The write is not synced: that is enough for a process
    /// that is killed, and a machine rarely loses its power.
    func take(
        _ issued: IssuedCredential, refreshing connection: Connection, _ integration: Integration
    ) {
        change(durably: false) { held in
            held[Self.key(connection)] = Held(
                issued: issued, connection: connection, integration: integration)
        }
    }

    /// Drops tokens that are stored, or given up.
    func release(_ connection: Connection) {
        change(durably: false) { $0[Self.key(connection)] = nil }
    }

    /// Keeps tokens that the database did not take.
    func hold(_ connection: Connection) {
        change(durably: true) { $0[Self.key(connection)]?.isRefused = true }
    }

    /// Returns the credential that is held in place of a connection's stored one.
    func credential(of connection: Connection) -> Credential? {
        if isEmpty.load(ordering: .acquiring) { return nil }
        return held.withLock { held in
            held[Self.key(connection)].flatMap { $0.isRefused ? $0.issued.credential : nil }
        }
    }

    package var count: Int { held.withLock { $0.values.count { $0.isRefused } } }

    private static func key(_ connection: Connection) -> String {
        "\(connection.id) \(connection.generation)"
    }

    /// Whether another process would find them, should this one end.
    package var isKept: Bool { isInFile.load(ordering: .acquiring) }

    /// Tries to store the held tokens: of one connection, or all.
    ///
    /// - Returns: Whether none are left.
    @discardableResult
    package func tryToStore(_ connection: Connection? = nil) -> Bool {
        if isEmpty.load(ordering: .acquiring) { return true }
        let wanted = held.withLock { Array($0.values) }.filter { entry in
            entry.isRefused && connection.map { $0.id == entry.connection.id } ?? true
        }
        var isDone = true
        for entry in wanted {
            do {
                try store(entry)
                release(entry.connection)
                logger.notice(
                    "held token stored", metadata: ["connection": "\(entry.connection.id)"])
            } catch {
                isDone = false
            }
        }
        return isDone
    }

    /// Stores the tokens that another process kept which is stopped, or ended.
    ///
    /// - Throws: ``StorageError``.
    func store(keptBy process: String) throws {
        // That process may be alive, and be writing just now.
        for _ in 0..<Self.readings where try store(registry.records(of: process), keptBy: process) {
            return
        }
    }

    /// The number of times that a file which seems to be cut short is read.
    private static let readings = 3

    /// Stores the tokens of processes that ended.
    ///
    /// - Throws: ``StorageError``; the records stay for another time.
    package func recover() throws {
        try registry.recover { process, records in try store(records, keptBy: process) }
    }

    /// - Returns: Whether all of them could be read.
    @discardableResult
    private func store(_ records: [[UInt8]], keptBy process: String) throws -> Bool {
        var areAllRead = true
        for record in records {
            do {
                try store(KeptToken(sealed: record, by: process, vault))
            } catch let error as any DomainError {
                // Sealed with a key that this process does not have, or cut short in writing.
                areAllRead = false
                if unreadable.withLock({ $0.insert(process).inserted }) {
                    logger.error("a kept token does not open", metadata: ["error": "\(error)"])
                }
            }
        }
        return areAllRead
    }

    private func store(_ kept: KeptToken) throws {
        let connection = try connections.find(id: kept.connectionID)
        if let connection, connection.generation == kept.generation,
            try outcomes.store(kept.issued, refreshing: connection)
        {
            logger.notice("kept token stored", metadata: ["connection": "\(connection.id)"])
            return
        }
        // Its process may have stored it, and ended before it could note that.
        if try outcomes.isStored(kept.issued.credential, id: kept.connectionID) { return }
        let integration: Integration
        do {
            integration = try integrations.find(kept.integrationID, for: .system)
        } catch ConnectionsError.integrationNotFound {
            return
        }
        // Nothing from an integration's old endpoints goes to its new ones, not even to be revoked.
        guard integration.revision == kept.integrationRevision else { return }
        try revocations.enqueue(
            late: kept.issued, integration, holder: kept.holder, data: connection?.data)
    }

    private func store(_ entry: Held) throws {
        let connection = entry.connection
        if try outcomes.store(entry.issued, refreshing: connection) {
            return
        }
        // Another process may have found it in our file.
        if try outcomes.isStored(entry.issued.credential, id: connection.id) { return }
        try revocations.enqueue(
            late: entry.issued, entry.integration, holder: connection.holder, data: connection.data)
    }

    private func change(durably: Bool, _ body: (inout [String: Held]) -> Void) {
        held.withLock { held in
            body(&held)
            isEmpty.store(held.isEmpty, ordering: .releasing)
            keep(held, durably: durably)
        }
    }

    private func keep(_ held: [String: Held], durably: Bool) {
        do {
            try registry.keep(
                held.values.map { entry in
                    try KeptToken(
                        entry.issued, refreshing: entry.connection, entry.integration
                    ).sealed(by: registry.id, vault)
                }, durably: durably)
            isInFile.store(true, ordering: .releasing)
        } catch {
            isInFile.store(false, ordering: .releasing)
            logger.critical("a token is held in memory only", metadata: ["error": "\(error)"])
        }
    }
}
