import Storage

/// The operator's actions on the vault.
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

    /// Rotates the key.
    ///
    /// - Parameters:
    ///   - patience: The time that serving processes have to adopt a key.
    ///   - tell: Called with a sentence for each step.
    /// - Returns: The status afterwards.
    /// - Throws: ``InputError``, ``KeyRingError``, `StorageError`.
    package func rotate(
        patience: Duration = .seconds(30), tell: @escaping (String) -> Void = { _ in }
    ) throws -> VaultStatus {
        try KeyRotation(
            file: file(), database: database, columns: columns, registry: registry,
            patience: patience, tell: tell
        ).run()
    }

    /// Removes a key from the key ring.
    ///
    /// - Returns: The path of the file to which it was moved.
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
