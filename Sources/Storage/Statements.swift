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

    /// The first row, decoded; `nil` when there is none.
    package func first<T>(
        _ sql: String, _ parameters: Parameters = [:], _ decode: (Row) throws -> T
    ) throws -> T? {
        let cursor = try cursor(sql, parameters)
        return try cursor.next().map { try decode(Row(row: $0)) }
    }

    /// All rows, decoded.
    package func all<T>(
        _ sql: String, _ parameters: Parameters = [:], _ decode: (Row) throws -> T
    ) throws -> [T] {
        let cursor = try cursor(sql, parameters)
        var decoded: [T] = []
        while let row = try cursor.next() { decoded.append(try decode(Row(row: row))) }
        return decoded
    }

    /// The single number that the statement yields, such as a count; 0 without a row.
    package func number(_ sql: String, _ parameters: Parameters = [:]) throws -> Int64 {
        try first(sql, parameters) { $0.integer(0) } ?? 0
    }

    private func cursor(_ sql: String, _ parameters: Parameters) throws -> RowCursor {
        try GRDB.Row.fetchCursor(
            database.cachedStatement(sql: sql),
            arguments: StatementArguments(parameters.mapValues(\.databaseValue)))
    }
}

/// A transaction, on the thread that began it.
package final class Transaction: Reader {
    /// Runs a statement that changes rows.
    ///
    /// - Returns: How many rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ parameters: Parameters = [:]) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(
            arguments: StatementArguments(parameters.mapValues(\.databaseValue)))
        return database.changesCount
    }
}
