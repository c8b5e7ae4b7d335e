import Primitives
import Storage

/// The rows that a restored database must not bring back, and those that it takes over from the one
/// that it replaces, where that one can still be read.
///
/// A backup does not contain what came after it. A refresh token that was refreshed since is
/// useless, or worse: many providers take its use for a theft and end the grant. A session that was
/// ended, a key that was revoked, a connection that its owner ended would live again.
package struct RestoreTakeover {
    let restored: Database
    let clock: Clock

    /// Signs everyone out, and forgets the flows under way and the serving processes.
    func forgetTheMoment() throws {
        try restored.write { transaction in
            for table in [
                "session", "sessionTicket", "pendingAuthorization", "usedState", "lease", "process",
            ] {
                try transaction.execute("DELETE FROM \(table)")
            }
        }
    }

    /// Whether the one is a backup of the other.
    func isAncestor(of replaced: Database) throws -> Bool {
        let lineage = "SELECT id FROM lineage"
        return try restored.read { try $0.first(lineage) { $0.text(0) } }
            == replaced.read { try $0.first(lineage) { $0.text(0) } }
    }

    /// Takes over the newer rows of the other; integrations stay as they were backed up.
    func takeOver(from replaced: Database) throws {
        try restored.write(attaching: replaced) { transaction in
            for statement in Self.statements { try transaction.execute(statement) }
            try transaction.execute(Self.endedSince, ["now": .integer(clock.now.seconds)])
        }
    }

    private static let statements = [
        "INSERT INTO sealingKey SELECT * FROM other.sealingKey WHERE true ON CONFLICT DO NOTHING",
        // Tokens that were refreshed since take the place of these. Not by REPLACE, which deletes
        // rows without their triggers.
        """
        DELETE FROM connection WHERE id IN (
            SELECT mine.id FROM main.connection AS mine
            JOIN other.connection AS newer ON newer.id = mine.id AND newer.ownerId = mine.ownerId
            WHERE newer.generation > mine.generation AND length(newer.credential) > 0)
        """,
        // Those, and connections that were made since.
        """
        INSERT OR IGNORE INTO connection
        SELECT newer.* FROM other.connection AS newer
        WHERE newer.integrationId IN (SELECT id FROM main.integration)
        """,
        "DELETE FROM revocation WHERE id NOT IN (SELECT id FROM other.revocation)",
        "INSERT OR IGNORE INTO revocation SELECT * FROM other.revocation",
        "DELETE FROM apiKey WHERE id NOT IN (SELECT id FROM other.apiKey)",
        "INSERT OR IGNORE INTO apiKey SELECT * FROM other.apiKey",
    ]

    /// Marks connections that were ended since: their tokens were revoked, or will be.
    private static let endedSince = """
        UPDATE connection
        SET status = 'reauthorization_required', statusReason = 'ended_before_restore',
            statusSince = :now, updatedAt = :now, generation = generation + 1, credential = x''
        WHERE id NOT IN (SELECT id FROM other.connection)
        """
}
