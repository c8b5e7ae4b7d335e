import Foundation
import Primitives
import Storage

/// Removes a key that is no longer needed from the key ring.
///
/// In one transaction the database is searched and forgets the key; from then on it refuses any
/// value that is sealed with it (see `Schema`), from every process.
package struct KeyRetirement {
    let file: KeyRingFile
    let database: Database
    package let columns: [SealedColumn]
    let registry: ProcessRegistry

    /// Retires the key.
    ///
    /// - Returns: The file to which the key was moved: old backups need it.
    /// - Throws: ``InputError/conflict(code:detail:)`` when it is still needed.
    func retire(_ id: String) throws -> String {
        let keyRing = try file.read()
        guard keyRing.ids.contains(id) else {
            throw InputError.invalid(
                code: .noSuchKey, detail: "The key ring \(file.path) has no key \(id).")
        }
        try refuseIfNeeded(VaultStatus(keyRing, of: columns, in: database, registry), id)
        try forget(id, Vault(keyRing: keyRing))
        let store = file.path + ".retired"
        guard let line = keyRing.text.line(of: id) else { return store }
        try keep(line, in: store)
        try file.change { $0.removing(id) }
        return store
    }

    private func refuseIfNeeded(_ status: VaultStatus, _ id: String) throws {
        guard let key = status.keys.first(where: { $0.id == id }), !key.mayGo else { return }
        var reasons: [String] = []
        if key.isCurrent { reasons.append("it is the one that seals") }
        if key.values > 0 { reasons.append("\(key.values) values are sealed with it") }
        if key.keptTokens > 0 {
            reasons.append("\(key.keptTokens) tokens that wait for the database are")
        }
        for pid in key.pids { reasons.append("process \(pid) seals with it") }
        throw needed(id, because: reasons.joined(separator: "; "))
    }

    /// Counts again under the write lock: only this count is certain.
    private func forget(_ id: String, _ vault: Vault) throws {
        try database.write { transaction in
            for column in columns {
                let values = try column.sealed(with: id, transaction)
                guard !values.contains(where: { (try? vault.open($0.bytes, at: $0.place)) != nil })
                else { throw needed(id, because: "something was just sealed with it") }
            }
            try SealingKey.delete(id, transaction)
        }
    }

    private func needed(_ id: String, because reason: String) -> InputError {
        .conflict(
            code: .keyInUse,
            detail: "The key \(id) is still needed: \(reason). "
                + "'grantkeeper vault rotate' seals everything with a newer one.")
    }

    /// Adds the key to the file of retired ones, which only its owner can read.
    private func keep(_ line: String, in path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            try DurableFile.create(path, like: file.path)
        }
        let old = try String(contentsOfFile: path, encoding: .utf8)
        if old.split(separator: "\n").contains(Substring(line)) { return }
        try DurableFile.replace(path, with: old + line + "\n")
    }
}
