import Storage

/// The numbers of values that each key seals, and the processes that seal with it.
package struct VaultStatus: Sendable {
    package struct Key: Sendable {
        package let id: String
        /// Whether the key ring has it.
        package var isInRing: Bool
        /// Whether it is the one that seals.
        package var isCurrent: Bool
        /// Whether values of the database may be sealed with it.
        package var isInUse: Bool
        /// The number of values that it opens.
        package var values = 0
        /// The number of tokens in the files of processes, which the database has not taken yet.
        package var keptTokens = 0
        /// The ids of the processes that seal with it.
        package var pids: [Int32] = []

        /// Whether nothing needs it any more.
        package var mayGo: Bool { !isCurrent && values == 0 && keptTokens == 0 && pids.isEmpty }
    }

    package let keys: [Key]
    package let processes: [ServingProcess]
    /// The places of values that do not open with any key.
    package let broken: [String]

    /// Whether something is still sealed with another key than the one that seals now.
    package var isMixed: Bool { keys.contains { !$0.isCurrent && $0.values > 0 } }
}

extension VaultStatus {
    /// Opens everything, and counts.
    package init(
        _ keyRing: KeyRing, of columns: [SealedColumn], in database: Database,
        _ registry: ProcessRegistry
    ) throws {
        var counts: [String: Int] = [:]
        var broken: [String] = []
        let vault = Vault(keyRing: keyRing)
        for column in columns {
            try column.forEachBatch(in: database) { values in
                for value in values {
                    if (try? vault.open(value.bytes, at: value.place)) == nil {
                        broken.append("\(value.place)")
                    } else if let id = Vault.keyID(of: value.bytes) {
                        counts[id, default: 0] += 1
                    }
                }
            }
        }
        let (inUse, processes) = try database.read { reader in
            (try SealingKey.ids(reader), try ServingProcess.living(registry, reader))
        }
        let kept = try registry.allIDs.flatMap(registry.records(of:)).compactMap(
            Vault.keyID(of:))
        let others = Set(inUse + kept).subtracting(keyRing.ids).sorted()
        keys = (keyRing.ids + others).map { id in
            Key(
                id: id, isInRing: keyRing.ids.contains(id), isCurrent: id == keyRing.current.id,
                isInUse: inUse.contains(id), values: counts[id] ?? 0,
                keptTokens: kept.count { $0 == id },
                pids: processes.filter { $0.sealingKeyID == id }.map(\.pid))
        }
        self.processes = processes
        self.broken = broken
    }
}
