import GRDB
import Locking

#if canImport(Glibc)
    import Glibc
#endif

/// One SQLite file: a connection that writes, and a few that read.
///
/// A reading connection is held by one thread at a time and goes back when the read is over, so
/// that a thread that waits for a provider holds none. In measurements, this reaches plain SQLite's
/// speed, where connections shared by a pool's queues reached half.
package final class Database: Sendable {
    let path: String
    private let configuration: GRDB.Configuration
    private let writer: DatabaseQueue
    private let idleReaders = BargingLock<[ReadingConnection]>([])
    /// The number that reads at the same moment under load: opening one costs more than a hundred
    /// reads.
    private static let maximumIdleReaders = 64
    /// The size of each connection's own cache, in KiB; the system caches the pages, too.
    private static let cacheSize = 512

    /// Opens the file, creates it (mode 0600) when there is none, and brings its tables up to
    /// date. Two processes may do so at the same moment.
    ///
    /// - Throws: ``StorageError``; its kind is `schemaTooNew` when a newer Grantkeeper wrote it.
    package init(path: String, migrations: [Migration]) throws {
        self.path = path
        configuration = Self.configuration()
        do {
            writer = try Self.open(path, configuration, migrations)
        } catch let error as StorageError {
            throw StorageError(
                kind: error.kind, message: "the database \(path): \(error.message)")
        }
    }

    /// Opens the file. ``Restoration`` may put another file at the path while this waits for the
    /// former one, which it holds locked: then the new file is opened.
    private static func open(
        _ path: String, _ configuration: GRDB.Configuration, _ migrations: [Migration]
    ) throws -> DatabaseQueue {
        while true {
            try createFile(path)
            let before = inode(path)
            let writer = try retryingWhileBusy {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.writeWithoutTransaction { database in
                    // Persistent: the file is in WAL mode from now on.
                    try database.execute(sql: "PRAGMA journal_mode = WAL")
                }
                return queue
            }
            try retryingWhileBusy { try Migration.apply(migrations, to: writer) }
            if inode(path) == before { return writer }
        }
    }

    private static func inode(_ path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    /// Runs a read: any number of selects, each of which sees the newest committed data.
    ///
    /// - Throws: ``StorageError``, and the errors of the closure.
    package func read<T>(_ body: (Reader) throws -> T) throws -> T {
        let reader = try takeReader()
        defer { giveBack(reader) }
        return try StorageError.translating { try reader.read(body) }
    }

    /// Runs a read that is often repeated, as ``read(_:)``: nothing is read as long as no one
    /// commits, in this process or another.
    ///
    /// - Parameters:
    ///   - key: Names everything that the answer depends on, beside the database.
    ///   - moment: The beginning of the request that asks: all that was committed before it is
    ///     seen. Further reads of the same request then rely on its first look at the database.
    ///   - body: Its result is remembered, unless that is `nil`. It must not depend on the time,
    ///     and contain no secret that is not sealed. An object, so that it is handed out without
    ///     copies.
    /// - Throws: ``StorageError``, and the errors of the closure.
    package func remembered<Value: AnyObject & Sendable>(
        _ key: ReadKey, asOf moment: ContinuousClock.Instant = .now,
        _ body: (Reader) throws -> Value?
    ) throws -> Value? {
        let reader = try takeReader()
        defer { giveBack(reader) }
        reader.lookForChanges(since: moment)
        if let known = reader.known(key) as? Value { return known }
        return try StorageError.translating { try reader.remember(key, body) }
    }

    /// Runs a transaction that begins IMMEDIATE; it is durable on disk when this returns and
    /// undone when the closure throws. Never wait for the network inside.
    ///
    /// - Throws: ``StorageError``, and the errors of the closure.
    @discardableResult
    package func write<T>(_ body: (Transaction) throws -> T) throws -> T {
        let began = ContinuousClock.now
        return try StorageError.translating {
            try writer.writeWithoutTransaction { database in
                try Self.wait(upTo: Self.patience - (ContinuousClock.now - began), database)
                var result: T?
                try database.inTransaction(.immediate) {
                    result = try body(Transaction(database: database))
                    return .commit
                }
                guard let result else { throw StorageError(kind: .other, message: "no result") }
                return result
            }
        }
    }

    /// Limits the wait for other processes' lock. The time that a thread waited for other writers
    /// of this process is subtracted: a lock that is never released would hold up a long queue.
    private static func wait(upTo rest: Duration, _ database: GRDB.Database) throws {
        guard rest > .zero else {
            throw StorageError(kind: .busy, message: "the database is being written by others")
        }
        let milliseconds =
            rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000
        try database.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
    }

    /// The time that a write waits for the write lock.
    private static let patience = Duration.seconds(10)

    /// Runs a transaction that also sees another database's tables, as `other.table`.
    ///
    /// - Throws: ``StorageError``, and the errors of the closure.
    package func write(
        attaching other: Database, _ body: (Transaction) throws -> Void
    ) throws {
        try StorageError.translating {
            try writer.writeWithoutTransaction { database in
                try database.execute(
                    sql: "ATTACH DATABASE :path AS other", arguments: ["path": other.path])
                defer { try? database.execute(sql: "DETACH DATABASE other") }
                try database.inTransaction(.immediate) {
                    try body(Transaction(database: database))
                    return .commit
                }
            }
        }
    }

    /// Commits a change without effect: shows that the disk takes writes.
    ///
    /// - Throws: ``StorageError`` when it does not.
    package func probeWriting() throws {
        try write { transaction in
            let version = try transaction.number("PRAGMA user_version")
            try transaction.database.execute(sql: "PRAGMA user_version = \(version)")
        }
    }

    private func takeReader() throws -> ReadingConnection {
        if let idle = idleReaders.withLock({ $0.popLast() }) { return idle }
        return try StorageError.translating {
            try ReadingConnection(path: path, configuration: configuration)
        }
    }

    private func giveBack(_ reader: ReadingConnection) {
        idleReaders.withLock { idle in
            if idle.count < Self.maximumIdleReaders { idle.append(reader) }
        }
    }

    static func configuration() -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            // A lost commit is a lost refresh token; deleted secrets are overwritten.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA cache_size = -\(cacheSize)")
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        return configuration
    }

    /// SQLite gives -wal and -shm the mode of the file itself, so it is created with the right one.
    private static func createFile(_ path: String) throws(StorageError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError.system("open the database", path: path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return }
        if status.st_mode & 0o077 != 0 { fchmod(descriptor, 0o600) }
        if status.st_uid == 0, status.st_size == 0 { giveToOwner(ofFolder: path, descriptor) }
    }

    /// Gives a file that a command makes as root to the service, which owns the folder. (SQLite
    /// itself gives -wal and -shm to the owner of the file.)
    private static func giveToOwner(ofFolder path: String, _ descriptor: Int32) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = stat()
        if stat(folder, &status) == 0 { _ = fchown(descriptor, status.st_uid, status.st_gid) }
    }

    /// Asks for WAL mode again and again: of two processes that open a new file, one is told
    /// "database is locked", whatever the busy timeout.
    private static func retryingWhileBusy<T>(_ body: () throws -> T) throws -> T {
        var attempts = 0
        while true {
            do {
                return try StorageError.translating(body)
            } catch let error as StorageError where error.kind == .busy && attempts < 200 {
                attempts += 1
                usleep(50_000)
            }
        }
    }
}
