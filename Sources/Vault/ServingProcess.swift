import Primitives
import Storage

/// A process that serves on this database, and the keys that it has.
package struct ServingProcess: Sendable {
    /// The id, as in ``ProcessRegistry``.
    package let id: String
    package let pid: Int32
    package let keyIDs: [String]
    /// The key that it seals with: after this report it seals nothing with another one.
    package let sealingKeyID: String
    package let startedAt: Timestamp

    /// Writes the report, in place of the one before.
    func insert(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO process (id, pid, keyIds, sealingKeyId, startedAt)
            VALUES (:id, :pid, :keyIDs, :sealingKeyID, :startedAt)
            ON CONFLICT (id) DO UPDATE
            SET keyIds = excluded.keyIds, sealingKeyId = excluded.sealingKeyId
            """,
            [
                "id": .text(id), "pid": .integer(Int64(pid)),
                "keyIDs": .text(keyIDs.joined(separator: " ")),
                "sealingKeyID": .text(sealingKeyID), "startedAt": .integer(startedAt.seconds),
            ])
    }

    static func isThere(id: String, _ reader: Reader) throws -> Bool {
        try reader.number(
            "SELECT count(*) FROM process WHERE id = :id", ["id": .text(id)]) > 0
    }

    static func delete(id: String, _ transaction: Transaction) throws {
        try transaction.execute("DELETE FROM process WHERE id = :id", ["id": .text(id)])
    }

    /// Returns the living processes, the oldest first.
    static func living(_ registry: ProcessRegistry, _ reader: Reader) throws -> [ServingProcess] {
        try all(reader).filter { registry.isAlive($0.id) }
    }

    /// Removes processes that ended without removing themselves.
    static func deleteEnded(_ registry: ProcessRegistry, _ transaction: Transaction) throws {
        for process in try all(transaction) where !registry.isAlive(process.id) {
            try delete(id: process.id, transaction)
        }
    }

    private static func all(_ reader: Reader) throws -> [ServingProcess] {
        try reader.all(
            "SELECT id, pid, keyIds, sealingKeyId, startedAt FROM process ORDER BY startedAt, id"
        ) { row in
            ServingProcess(
                id: row.text(0), pid: Int32(truncatingIfNeeded: row.integer(1)),
                keyIDs: row.text(2).split(separator: " ").map(String.init),
                sealingKeyID: row.text(3), startedAt: Timestamp(seconds: row.integer(4)))
        }
    }
}
