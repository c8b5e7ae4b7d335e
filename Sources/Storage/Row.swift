import Foundation
import GRDB

/// One row of a result, valid until the next is fetched; columns are counted from 0.
package struct Row {
    let row: GRDB.Row

    package func text(_ column: Int) -> String { row[column] ?? "" }
    package func textOrNil(_ column: Int) -> String? { row[column] }
    package func integer(_ column: Int) -> Int64 { row[column] ?? 0 }
    package func integerOrNil(_ column: Int) -> Int64? { row[column] }
    package func bool(_ column: Int) -> Bool { integer(column) != 0 }
    package func blob(_ column: Int) -> [UInt8] { blobOrNil(column) ?? [] }
    package func blobOrNil(_ column: Int) -> [UInt8]? { (row[column] as Data?).map { [UInt8]($0) } }
    package func isNull(_ column: Int) -> Bool { row.hasNull(atIndex: column) }
}
