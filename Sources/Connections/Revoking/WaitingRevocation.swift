import Encoding
import Primitives
import Storage

/// A revocation that waits, as an operator sees it; nothing of it is secret.
package struct WaitingRevocation: Sendable {
    package let id: String
    /// The integration's slug as it was, or its id.
    package let integration: String
    package let userID: String?
    package let attempts: Int64
    package let createdAt: Timestamp
    package let nextAttemptAt: Timestamp
    /// The time at which the tokens expire, and the revocation is given up.
    package let expiresAt: Timestamp
    /// Whether it waits until the user's present connection ends.
    package let isHeldBack: Bool
    package let lastError: String?

    static func all(_ reader: Reader) throws -> [WaitingRevocation] {
        try reader.all(
            """
            SELECT id, integrationId, endpoint, holder, attempts, createdAt, nextAttemptAt,
                expiresAt, afterConnection IS NOT NULL, lastError
            FROM revocation ORDER BY createdAt, id
            """
        ) { row in
            let target = (try? JSONValue(parsing: row.text(2))).map(RevocationTarget.init(json:))
            let slug = target?.integration ?? ""
            return WaitingRevocation(
                id: row.text(0), integration: slug.isEmpty ? row.text(1) : slug,
                userID: row.textOrNil(3), attempts: row.integer(4),
                createdAt: Timestamp(seconds: row.integer(5)),
                nextAttemptAt: Timestamp(seconds: row.integer(6)),
                expiresAt: Timestamp(seconds: row.integer(7)), isHeldBack: row.bool(8),
                lastError: row.textOrNil(9))
        }
    }

    /// Has one, or all that are not held back, tried at once.
    ///
    /// - Returns: The number of revocations that are tried.
    static func hurry(_ id: String?, now: Timestamp, _ transaction: Transaction) throws -> Int {
        try transaction.execute(
            """
            UPDATE revocation SET nextAttemptAt = :now
            WHERE afterConnection IS NULL AND (:id IS NULL OR id = :id)
            """, ["id": .text(orNull: id), "now": .integer(now.seconds)])
    }
}
