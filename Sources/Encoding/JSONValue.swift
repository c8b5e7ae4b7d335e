/// A JSON value (RFC 8259) that keeps its members in their order, and numbers as they were written,
/// so that a document can be passed on unchanged.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// The number's text, as in the document.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    package static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { Member(name: $0.0, value: $0.1) })
    }

    package static func integer(_ value: some BinaryInteger) -> JSONValue {
        .number(String(value))
    }

    /// Returns the whole number, or `null`.
    package static func integer(orNull value: Int?) -> JSONValue {
        value.map { .integer($0) } ?? .null
    }

    /// Returns the number, or `null`; without a fraction when it has none.
    package static func number(orNull value: Double?) -> JSONValue {
        guard let value else { return .null }
        return .number(Int(exactly: value).map(String.init) ?? String(value))
    }

    /// Returns the text, or `null`.
    package static func string(orNull text: String?) -> JSONValue {
        text.map { .string($0) } ?? .null
    }

    /// The member of that name, when this is an object that has one.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The whole number, when this is one.
    package var intValue: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The number, when this is one that is finite.
    package var doubleValue: Double? {
        guard case .number(let text) = self, let value = Double(text), value.isFinite else {
            return nil
        }
        return value
    }

    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements) }
}
