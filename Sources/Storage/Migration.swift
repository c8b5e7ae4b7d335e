import GRDB

/// One step of the schema. Steps are appended to a list and never edited; the file's `user_version`
/// is the number of steps that it has had.
///
/// GRDB's own migrator reads the applied steps before it takes the write lock, so that two
/// processes can both begin the same step; here the version is read under the lock.
package struct Migration: Sendable {
    let sql: String

    package init(_ sql: String) {
        self.sql = sql
    }

    static func apply(_ migrations: [Migration], to writer: DatabaseQueue) throws {
        let version = try writer.unsafeRead { try userVersion($0) }
        if version == migrations.count { return }
        try writer.write { database in
            let version = try userVersion(database)
            guard version <= migrations.count else {
                throw StorageError(
                    kind: .schemaTooNew,
                    message: "the database was written by a newer version (schema \(version); "
                        + "this version knows up to \(migrations.count)): install that version")
            }
            for migration in migrations[version...] { try database.execute(sql: migration.sql) }
            try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
        }
    }

    private static func userVersion(_ database: GRDB.Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }
}
