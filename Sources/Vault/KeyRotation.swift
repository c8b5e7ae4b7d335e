import Foundation
import Primitives
import Storage

/// Gives the vault a new key, while processes serve.
///
/// 1. The new key is added to the key ring as one that opens and does not seal.
/// 2. Every living process reports that it has it: what others seal with it will open everywhere.
/// 3. It becomes the one that seals, and every living process reports that it seals with it.
/// 4. Everything is sealed again.
///
/// It can be stopped at any time. The next rotation continues from there, and adds no further key
/// before everything is sealed with the last.
package struct KeyRotation {
    let file: KeyRingFile
    let database: Database
    package let columns: [SealedColumn]
    let registry: ProcessRegistry
    /// The time that processes have to adopt a key: they look at the file once a second.
    var patience = Duration.seconds(30)
    /// Receives each step, as a sentence.
    let tell: (String) -> Void

    /// Runs the rotation.
    ///
    /// - Returns: The status afterwards.
    /// - Throws: ``ConnectionsError``, ``KeyRingError``, `StorageError`.
    func run() throws -> VaultStatus {
        let new = try keyToRotateTo()
        try waitUntilAll("have the key \(new)") { $0.keyIDs.contains(new) }
        if try file.read().current.id != new { try file.change { $0.sealing(with: new) } }
        let keyRing = try file.read()
        try SealingKey.verify(keyRing, in: database)
        try waitUntilAll("seal with the key \(new)") { $0.sealingKeyID == new }
        let count = try reseal(with: keyRing)
        tell("\(count) values are sealed again with \(new).")
        return try VaultStatus(keyRing, of: columns, in: database, registry)
    }

    /// Returns the key of a rotation that was started and not finished, else a new one.
    private func keyToRotateTo() throws -> String {
        let keyRing = try file.read()
        let status = try VaultStatus(keyRing, of: columns, in: database, registry)
        if status.isMixed {
            tell("Going on: not everything is sealed with \(keyRing.current.id) yet.")
            return keyRing.current.id
        }
        if let prepared = status.keys.first(where: { $0.isInRing && !$0.isInUse }) {
            tell("Going on with the key \(prepared.id), which was added before.")
            return prepared.id
        }
        let (id, line) = KeyRingText.newLine()
        if file.isCredential { throw Self.unchangeable(file.path) }
        try file.change { $0.adding(line) }
        tell("The key \(id) is added to \(file.path).")
        return id
    }

    /// Seals again everything that another key sealed; returns the number of values.
    func reseal(with keyRing: KeyRing) throws -> Int {
        try Resealing(
            database: database, columns: columns, vault: Vault(keyRing: keyRing),
            keyID: keyRing.current.id
        ).run().count
    }

    private static func unchangeable(_ path: String) -> InputError {
        .conflict(
            code: .keyRingIsCredential,
            detail: "The key ring \(path) is a systemd credential, a copy that cannot be changed. "
                + "Add the line that 'grantkeeper vault new-key' prints as the last one to the "
                + "file that the unit names, restart the service, then rotate again.")
    }

    /// Waits until every serving process meets the condition.
    private func waitUntilAll(_ what: String, _ isSo: (ServingProcess) -> Bool) throws {
        let deadline = ContinuousClock.now + patience
        while true {
            let late = try database.read { try ServingProcess.living(registry, $0) }
                .filter { !isSo($0) }
            if late.isEmpty { return }
            guard ContinuousClock.now < deadline else {
                let pids = late.map { "\($0.pid)" }.joined(separator: ", ")
                throw InputError.conflict(
                    code: .keyNotAdopted,
                    detail: "The serving processes \(pids) do not \(what): do they use another "
                        + "key ring than \(file.path), or can they not read it? Their logs say. "
                        + "Restart them, then rotate again; it goes on where it stopped.")
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }
}
