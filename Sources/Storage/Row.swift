import Foundation
import GRDB

/// One row of a result, valid until the next is fetched; columns are counted from 0.
///
/// It reads the statement's columns in place: GRDB's own row makes a dictionary of the columns'
/// names for each execution, which is not needed here.
package struct Row {
    let statement: GRDB.Statement

    package func text(_ column: Int) -> String { textOrNil(column) ?? "" }
    package func textOrNil(_ column: Int) -> String? { value(column) }
    package func integer(_ column: Int) -> Int64 { integerOrNil(column) ?? 0 }
    package func integerOrNil(_ column: Int) -> Int64? { value(column) }
    package func bool(_ column: Int) -> Bool { integer(column) != 0 }
    package func blob(_ column: Int) -> [UInt8] { blobOrNil(column) ?? [] }
    package func blobOrNil(_ column: Int) -> [UInt8]? {
        value(column).map { (data: Data) in [UInt8](data) }
    }

    package func isNull(_ column: Int) -> Bool {
        // Every value that is not NULL converts to a number, if only 0.
        integerOrNil(column) == nil
    }

    private func value<Value: StatementColumnConvertible>(_ column: Int) -> Value? {
        Value.fromStatement(statement.sqliteStatement, atUncheckedIndex: CInt(column))
    }
}
