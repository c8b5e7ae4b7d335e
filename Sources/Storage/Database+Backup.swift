import GRDB

#if canImport(Glibc)
    import Glibc
#endif

extension Database {
    /// Copies the database to a file of its own (mode 0600), while others read and write it.
    ///
    /// The copy has the content of one moment (https://www.sqlite.org/backup.html, all pages in one
    /// step: in WAL mode no one has to wait for that), in one file, whole, and is on the disk when
    /// this returns. An existing file is not touched.
    ///
    /// - Throws: ``StorageError``.
    package func backUp(to path: String) throws {
        try Self.refuseToOverwrite(path)
        let draft = "\(path).partial"
        try Self.copy(from: self.path, to: draft)
        defer { unlink(draft) }
        try Self.check(draft)
        try DurableFile.sync(draft)
        // Unlike a renaming, this fails when the name was taken meanwhile.
        guard link(draft, path) == 0 else { throw StorageError.system("make", path: path) }
        DurableFile.syncFolder(of: path)
    }

    static func refuseToOverwrite(_ path: String) throws {
        guard access(path, F_OK) != 0 else {
            throw StorageError(
                kind: .other, message: "\(path) exists already; nothing is overwritten")
        }
    }

    /// Makes a copy in one file, without a -wal beside it; the remains of a copy that was stopped
    /// are replaced.
    static func copy(from source: String, to path: String) throws {
        for end in ["", "-wal", "-shm", "-journal"] { unlink(path + end) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.system("make", path: path) }
        close(descriptor)
        do {
            try StorageError.translating {
                var reading = Self.configuration()
                // Nothing is written to it, except the -shm that every reader needs.
                reading.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
                let target = try DatabaseQueue(path: path, configuration: Self.configuration())
                try DatabaseQueue(path: source, configuration: reading).backup(to: target)
                try target.writeWithoutTransaction {
                    try $0.execute(sql: "PRAGMA journal_mode = DELETE")
                }
                try target.close()
            }
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Checks the file.
    ///
    /// - Throws: ``StorageError`` that says what is damaged.
    static func check(_ path: String) throws {
        let problems = try StorageError.translating {
            let queue = try DatabaseQueue(path: path, configuration: configuration())
            return try queue.unsafeRead { try findProblems(Reader(database: $0)) }
        }
        guard problems.isEmpty else {
            throw StorageError(
                kind: .corrupt, message: "\(path) is damaged: \(problems.joined(separator: "; "))")
        }
    }
}

extension Database {
    /// Returns the damage that SQLite finds in the file, and rows that refer to missing ones.
    ///
    /// - Throws: ``StorageError`` when it cannot even be read.
    package func problems() throws -> [String] {
        try read(Self.findProblems)
    }

    static func findProblems(_ reader: Reader) throws -> [String] {
        let damage = try reader.all("PRAGMA integrity_check(20)") { $0.text(0) }
            .filter { $0 != "ok" }
        let orphans = try reader.all("PRAGMA foreign_key_check") { row in
            "a row of \(row.text(0)) refers to one of \(row.text(2)) that is not there"
        }
        return damage + orphans
    }
}
