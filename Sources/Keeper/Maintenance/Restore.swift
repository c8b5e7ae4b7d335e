import Connections
import Primitives
import Storage
import Vault

/// Puts a backup in the database's place, while no process serves on it.
package struct Restore {
    private let path: String
    private let keyRing: LiveKeyRing
    private let clock: Clock

    package struct Outcome: Sendable {
        /// The path of the replaced database; `nil` when there was none.
        package let kept: String?
        /// Whether the changes since the backup were taken over from it.
        package let tookOver: Bool
        /// The values that do not open in the restored database.
        package let problems: [String]
    }

    package init(databasePath: String, keyRing: LiveKeyRing, clock: Clock = .system) {
        path = databasePath
        self.keyRing = keyRing
        self.clock = clock
    }

    /// Restores the backup.
    ///
    /// - Throws: `StorageError` when the backup is damaged, or newer than this version;
    ///   ``VaultError/sealBroken(_:)`` when the key ring lacks a key;
    ///   ``InputError/conflict(code:detail:)`` when a process has the database open. Nothing
    ///   has changed then.
    package func callAsFunction(_ backup: String) throws -> Outcome {
        do {
            return try restore(backup)
        } catch let error as StorageError where error.kind == .busy {
            throw InputError.conflict(
                code: .databaseInUse,
                detail: "The database \(path) is in use: stop every service that has it open.")
        }
    }

    private func restore(_ backup: String) throws -> Outcome {
        let restoration = Restoration(of: path)
        defer { restoration.cancel() }
        try restoration.refuseIfInUse()
        try restoration.copy(backup)
        let (tookOver, problems) = try prepare(restoration.draft)
        let kept = restoration.isThere ? "\(path).replaced-\(clock.now.seconds)" : nil
        try restoration.finish(keeping: kept)
        return Outcome(kept: kept, tookOver: tookOver, problems: problems)
    }

    /// Prepares the copy; no connection to it, or to the database, is open when this returns.
    private func prepare(_ draft: String) throws -> (tookOver: Bool, problems: [String]) {
        let restored = try Database(path: draft, migrations: Schema.migrations)
        try SealingKey.verify(keyRing.keyRing, in: restored)
        let takeover = RestoreTakeover(restored: restored, clock: clock)
        try takeover.forgetTheMoment()
        let tookOver = try takeOver(takeover)
        return (tookOver, try DeepCheck(database: restored, keys: keyRing).problems())
    }

    /// Takes over the newer rows, unless the replaced database is damaged or missing.
    private func takeOver(_ takeover: RestoreTakeover) throws -> Bool {
        guard Restoration(of: path).isThere,
            let replaced = try? Database(path: path, migrations: Schema.migrations),
            (try? replaced.problems()) == [], try takeover.isAncestor(of: replaced)
        else { return false }
        try takeover.takeOver(from: replaced)
        return true
    }
}
