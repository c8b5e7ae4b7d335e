import Storage

/// What an operator does with the vault.
package struct VaultMaintenance: Sendable {
    private let database: Database
    private let columns: [SealedColumn]
    private let keys: LiveKeyRing
    private let registry: ProcessRegistry

    package init(
        database: Database, columns: [SealedColumn], keys: LiveKeyRing, registry: ProcessRegistry
    ) {
        self.database = database
        self.columns = columns
        self.keys = keys
        self.registry = registry
    }

    /// Opens everything, and counts.
    package func status() throws -> VaultStatus {
        try VaultStatus(
            keys.source?.read() ?? keys.keyRing, of: columns, in: database, registry)
    }

    /// - Parameters:
    ///   - patience: Seconds that serving processes have to adopt a key.
    ///   - tell: Called with a sentence a step.
    /// - Returns: How things stand then.
    /// - Throws: ``InputError``, ``KeyRingError``, `StorageError`.
    package func rotate(
        patience: Double = 30, tell: @escaping (String) -> Void = { _ in }
    ) throws -> VaultStatus {
        try KeyRotation(
            file: file(), database: database, columns: columns, registry: registry,
            patience: patience, tell: tell
        ).run()
    }

    /// Takes a key out of the key ring.
    ///
    /// - Returns: The file that it was moved to.
    /// - Throws: ``InputError/conflict(code:detail:)`` when it is still needed.
    package func retire(_ keyID: String) throws -> String {
        try KeyRetirement(
            file: file(), database: database, columns: columns, registry: registry
        ).retire(keyID)
    }

    private func file() throws -> KeyRingFile {
        guard let file = keys.source else {
            throw KeyRingError("the key ring is in no file that could be changed")
        }
        return file
    }
}
