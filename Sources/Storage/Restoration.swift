import GRDB

#if canImport(Glibc)
    import Glibc
#endif

/// Puts a backup in a database's place.
///
/// The backup is first copied beside the database and prepared there. Then the database, which no
/// other process may have open, is locked and kept under another name, and the copy gets its name.
/// A process that opens the database meanwhile waits, and then finds the copy (``Database`` looks
/// again).
package struct Restoration {
    private let path: String
    /// The copy, while it is prepared.
    package let draft: String

    package init(of path: String) {
        self.path = path
        draft = "\(path).restoring"
    }

    package var isThere: Bool { access(path, F_OK) == 0 }

    /// - Throws: ``StorageError`` of the kind `busy` when another process has the database open.
    package func refuseIfInUse() throws {
        try whileHeld {}
    }

    /// Copies a backup, and checks that it is whole.
    ///
    /// - Throws: ``StorageError``.
    package func copy(_ backup: String) throws {
        guard access(backup, R_OK) == 0 else { throw StorageError.system("read", path: backup) }
        try Database.copy(from: backup, to: draft)
        // A file that a command makes as root has to be the service's.
        var status = stat()
        if geteuid() == 0, stat(isThere ? path : DurableFile.folder(of: path), &status) == 0 {
            chown(draft, status.st_uid, status.st_gid)
        }
        try Database.check(draft)
    }

    /// Puts the copy in place.
    ///
    /// - Parameter kept: The new name of the present database; nothing may have it. `nil` when
    ///   there is none.
    /// - Throws: ``StorageError``, of the kind `busy` when a process has the database open.
    package func finish(keeping kept: String?) throws {
        if let kept { try Database.refuseToOverwrite(kept) }
        try StorageError.translating {
            let copy = try DatabaseQueue(path: draft)
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        }
        try DurableFile.sync(draft)
        try whileHeld { try exchange(keeping: kept) }
        DurableFile.syncFolder(of: path)
    }

    /// Gives up, and removes the copy.
    package func cancel() {
        for end in ["", "-wal", "-shm", "-journal"] { unlink(draft + end) }
    }

    private func exchange(keeping kept: String?) throws {
        if let kept, link(path, kept) != 0 { throw StorageError.system("make", path: kept) }
        guard rename(draft, path) == 0 else { throw StorageError.system("replace", path: path) }
        // They belong to the old file: the new one must not be read with them.
        for end in ["-wal", "-shm"] where access(path + end, F_OK) == 0 {
            guard rename(path + end, (kept ?? draft) + end) == 0 else {
                throw StorageError.system("move", path: path + end)
            }
        }
    }

    /// Leaves WAL mode: that takes an exclusive lock, which fails while others have the
    /// file open, and moves the content of the -wal into the file. A file that is no database, or
    /// damaged, is kept as it is.
    private func whileHeld(_ body: () throws -> Void) throws {
        guard isThere else { return try body() }
        do {
            try StorageError.translating {
                var configuration = GRDB.Configuration()
                configuration.busyMode = .timeout(2)
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.writeWithoutTransaction { database in
                    try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
                    let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
                    guard mode == "delete" else {
                        throw StorageError(kind: .busy, message: "the database is in use")
                    }
                    try database.execute(sql: "BEGIN EXCLUSIVE")
                    defer { try? database.execute(sql: "ROLLBACK") }
                    try body()
                }
            }
        } catch let error as StorageError where error.kind == .corrupt {
            try body()
        }
    }
}
