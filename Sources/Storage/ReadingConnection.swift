import GRDB
import GRDBSQLite

/// One connection that reads, and what it remembers of that.
///
/// Not Sendable in truth: libsqlite3 allows one thread at a time. `@unchecked Sendable`: it lies among
/// ``Database``'s idle ones, behind their lock, or belongs to the one thread that took it out.
final class ReadingConnection: @unchecked Sendable {
    private let dataVersion: GRDB.Statement
    private let queue: DatabaseQueue
    private var memory = ReadMemory()

    init(path: String, configuration: GRDB.Configuration) throws {
        queue = try DatabaseQueue(path: path, configuration: configuration)
        dataVersion = try queue.unsafeRead {
            try $0.makeStatement(sql: "PRAGMA data_version")
        }
    }

    func read<T>(_ body: (Reader) throws -> T) throws -> T {
        try queue.unsafeRead { try body(Reader(database: $0)) }
    }

    /// What was read under that key since anybody last committed, or what is read now.
    func remembered<Value: Sendable>(
        _ key: ReadKey, _ body: (Reader) throws -> Value?
    ) throws -> Value? {
        // Asked before reading: what is committed in between is seen as a change the next time.
        memory.keep(only: version())
        if let known: Value = memory[key] { return known }
        let value = try read(body)
        memory[key] = value
        return value
    }

    /// A number that changes with each commit by any other connection, in whatever process; `nil`
    /// when it is not to be had (https://www.sqlite.org/pragma.html#pragma_data_version).
    ///
    /// Not through GRDB's queue, which costs more than all of the rest: nobody else has this
    /// connection now.
    private func version() -> Int64? {
        let statement = dataVersion.sqliteStatement
        defer { sqlite3_reset(statement) }
        return sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : nil
    }
}
