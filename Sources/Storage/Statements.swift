import GRDB

/// Values for the `:names` of a statement. Positional ones are not offered: with `$2, $1` they
/// are silently bound in order of appearance.
package typealias Parameters = [String: SQLValue]

/// A read, on the thread that began it.
package class Reader {
    let database: GRDB.Database

    init(database: GRDB.Database) {
        self.database = database
    }

    /// Returns the first row, decoded; `nil` when there is none.
    package func first<T>(
        _ sql: String, _ parameters: Parameters = [:], _ decode: (Row) throws -> T
    ) throws -> T? {
        let (statement, steps) = try begin(sql, parameters)
        return try steps.next().map { _ in try decode(Row(statement: statement)) }
    }

    /// Returns all rows, decoded.
    package func all<T>(
        _ sql: String, _ parameters: Parameters = [:], _ decode: (Row) throws -> T
    ) throws -> [T] {
        let (statement, steps) = try begin(sql, parameters)
        var decoded: [T] = []
        while try steps.next() != nil { decoded.append(try decode(Row(statement: statement))) }
        return decoded
    }

    /// The single number that the statement yields, such as a count; 0 without a row.
    package func number(_ sql: String, _ parameters: Parameters = [:]) throws -> Int64 {
        try first(sql, parameters) { $0.integer(0) } ?? 0
    }

    /// The statement, and the cursor that steps through its rows. Their values are read from the
    /// statement; the cursor's own (the first column as a number) are not used.
    private func begin(
        _ sql: String, _ parameters: Parameters
    ) throws -> (GRDB.Statement, FastDatabaseValueCursor<Int64?>) {
        let statement = try database.cachedStatement(sql: sql)
        let steps = try Optional<Int64>.fetchCursor(
            statement, arguments: StatementArguments(parameters.mapValues(\.databaseValue)))
        return (statement, steps)
    }
}

/// A transaction, on the thread that began it.
package final class Transaction: Reader {
    /// Runs a statement that changes rows.
    ///
    /// - Returns: The number of rows that it changed.
    @discardableResult
    package func execute(_ sql: String, _ parameters: Parameters = [:]) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(
            arguments: StatementArguments(parameters.mapValues(\.databaseValue)))
        return database.changesCount
    }
}
