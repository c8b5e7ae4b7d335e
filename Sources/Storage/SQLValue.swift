import Foundation
import GRDB

/// A value to bind to a parameter.
package enum SQLValue: Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    package static func text(orNull text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    package static func blob(orNull bytes: [UInt8]?) -> SQLValue {
        bytes.map { .blob($0) } ?? .null
    }
    package static func integer(orNull value: Int64?) -> SQLValue {
        value.map { .integer($0) } ?? .null
    }
    package static func bool(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }

    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
