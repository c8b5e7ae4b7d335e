import Integrations
import Storage
import Vault

/// Checks everything that is stored: whether the file is whole, every integration can be read, and
/// every sealed value opens.
package struct DeepCheck: Sendable {
    let database: Database
    let keys: LiveKeyRing

    /// Runs the check.
    ///
    /// - Returns: The faults, one sentence each, without secrets; empty when there are none.
    /// - Throws: `StorageError` when the file cannot even be read.
    package func problems() throws -> [String] {
        try database.problems() + unreadableIntegrations() + closedValues()
    }

    private func unreadableIntegrations() throws -> [String] {
        let ids = try database.read {
            try $0.all("SELECT id FROM integration ORDER BY id") { $0.text(0) }
        }
        return ids.filter { id in
            let integration = try? database.read { reader in
                try reader.first(
                    "SELECT \(Integration.columns) FROM integration WHERE id = :id",
                    ["id": .text(id)], Integration.init(row:))
            }
            return integration == nil
        }.map { "integration \($0): its definition cannot be read" }
    }

    private func closedValues() throws -> [String] {
        let vault = Vault(keyRing: keys)
        var problems: [String] = []
        for column in SealedColumn.all {
            try column.forEachBatch(in: database) { values in
                for value in values {
                    do {
                        _ = try vault.open(value.bytes, at: value.place)
                    } catch VaultError.sealBroken(let problem) {
                        problems.append(problem)
                    }
                }
            }
        }
        return problems
    }
}
