import GRDB
import GRDBSQLite

/// One connection that reads, with the answers that it remembers.
///
/// Not Sendable in fact: libsqlite3 allows one thread at a time. `@unchecked Sendable`: it is among
/// ``Database``'s idle ones, behind their lock, or belongs to the one thread that took it out.
final class ReadingConnection: @unchecked Sendable {
    private let dataVersion: GRDB.Statement
    private let queue: DatabaseQueue
    private var memory = ReadMemory()
    /// A moment after which it was looked whether the data has changed; `nil` when that is not
    /// known.
    private var lookedAfter: ContinuousClock.Instant?

    init(path: String, configuration: GRDB.Configuration) throws {
        queue = try DatabaseQueue(path: path, configuration: configuration)
        dataVersion = try queue.unsafeRead {
            try $0.makeStatement(sql: "PRAGMA data_version")
        }
    }

    func read<T>(_ body: (Reader) throws -> T) throws -> T {
        try queue.unsafeRead { try body(Reader(database: $0)) }
    }

    /// Forgets what may be older than the last commit before that moment, by any process. A look
    /// that was taken since the moment is enough.
    func lookForChanges(since moment: ContinuousClock.Instant) {
        if let lookedAfter, lookedAfter >= moment { return }
        let version = version()
        memory.keep(only: version)
        lookedAfter = version == nil ? nil : moment
    }

    /// The answer that is remembered under that key.
    func known(_ key: ReadKey) -> AnyObject? { memory[key] }

    /// Reads an answer, and remembers it. It was looked for changes before: a commit in between is
    /// seen as a change the next time.
    func remember<Value: AnyObject>(
        _ key: ReadKey, _ body: (Reader) throws -> Value?
    ) throws -> Value? {
        let value = try read(body)
        memory[key] = value
        return value
    }

    /// A number that changes with each commit by any other connection, in any process; `nil` when
    /// it cannot be read (https://www.sqlite.org/pragma.html#pragma_data_version).
    ///
    /// Not through GRDB's queue, which costs more than all of the rest: no other thread has this
    /// connection now.
    private func version() -> Int64? {
        let statement = dataVersion.sqliteStatement
        defer { sqlite3_reset(statement) }
        return sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : nil
    }
}
