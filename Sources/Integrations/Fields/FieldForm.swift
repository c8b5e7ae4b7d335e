import Encoding

/// The form of a field's value: how it is read, written, checked and described.
struct FieldForm<Value: Sendable>: Sendable {
    /// The accepted values, in words.
    let takes: String
    /// The accepted values, as keywords of JSON Schema.
    let schema: [(String, JSONValue)]
    /// Reads the value of a field; `nil` when it is absent or has another form, which is reported.
    let read: @Sendable (inout DefinitionReader, _ name: String) -> Value?
    let json: @Sendable (Value) -> JSONValue
    /// Checks a new value more strictly than its form: rules that came later must not make stored
    /// values unreadable.
    var check: @Sendable (Value, _ name: String, inout DefinitionReader) -> Void = { _, _, _ in }
    var texts: [FieldText<Value>] = []
    /// The fields of an object, or of the objects in a list.
    var parts: [FieldDescription] = []

    /// The same form for a value that may be absent.
    var orNull: FieldForm<Value?> {
        FieldForm<Value?>(
            takes: takes, schema: schema, read: { [read] in read(&$0, $1) },
            json: { [json] in $0.map(json) ?? .null },
            check: { [check] value, name, reader in
                if let value { check(value, name, &reader) }
            },
            texts: texts.map { $0.lifted("", get: { $0 }, set: { $0 = $1 }) }, parts: parts)
    }
}

extension FieldForm where Value == Bool {
    static var flag: Self {
        FieldForm(
            takes: "true or false", schema: [("type", "boolean")], read: { $0.flag($1) },
            json: { .bool($0) })
    }
}

extension FieldForm where Value == Double {
    static func number(_ range: ClosedRange<Double>) -> Self {
        let bounds = [range.lowerBound, range.upperBound].map { JSONValue.number(orNull: $0) }
        return FieldForm(
            takes: "number, \(bounds.compactMap(\.plainText).joined(separator: " to "))",
            schema: [("type", "number"), ("minimum", bounds[0]), ("maximum", bounds[1])],
            read: { $0.number($1, range) }, json: { .number(orNull: $0) })
    }
}

extension FieldForm where Value == Int {
    static func wholeNumber(_ range: ClosedRange<Int>) -> Self {
        FieldForm(
            takes: "whole number, \(range.lowerBound) to \(range.upperBound)",
            schema: FieldForm.schema(range), read: { $0.wholeNumber($1, range) },
            json: { .integer($0) })
    }

    fileprivate static func schema(_ range: ClosedRange<Int>) -> [(String, JSONValue)] {
        [
            ("type", "integer"), ("minimum", .integer(range.lowerBound)),
            ("maximum", .integer(range.upperBound)),
        ]
    }
}

extension FieldForm where Value == [Int] {
    static func wholeNumbers(_ range: ClosedRange<Int>) -> Self {
        FieldForm(
            takes: "list of whole numbers, \(range.lowerBound) to \(range.upperBound)",
            schema: [("type", "array"), ("items", .object(FieldForm<Int>.schema(range)))],
            read: { $0.wholeNumbers($1, range) },
            json: { .array($0.map { .integer($0) }) })
    }
}

extension FieldForm where Value: RawRepresentable<String> & CaseIterable {
    /// One of the type's words.
    static var choice: Self {
        FieldForm(
            takes: words.map { $0 == " " ? "`\" \"`" : "`\($0)`" }.joined(separator: ", "),
            schema: [("type", "string"), ("enum", .array(words.map { .string($0) }))],
            read: { $0.choice($1, Value.self) }, json: { .string($0.rawValue) })
    }

    fileprivate static var words: [String] { Value.allCases.map(\.rawValue) }
}

extension FieldForm {
    /// A list of a type's words, each at most once.
    static func choices<Choice>() -> FieldForm
    where Value == [Choice], Choice: RawRepresentable<String> & CaseIterable & Sendable & Hashable {
        let words = Choice.allCases.map(\.rawValue)
        return FieldForm(
            takes: "list of " + words.map { "`\($0)`" }.joined(separator: ", "),
            schema: [
                ("type", "array"),
                (
                    "items",
                    ["type": "string", "enum": .array(words.map { .string($0) })]
                ),
            ],
            read: { reader, name in
                guard let texts = reader.texts(name) else { return nil }
                let choices = texts.compactMap(Choice.init(rawValue:))
                reader.require(
                    choices.count == texts.count && Set(choices).count == choices.count,
                    "'\(name)' must be a list of: \(words.joined(separator: ", ")); each at most once"
                )
                return choices
            }, json: { .array($0.map { .string($0.rawValue) }) })
    }
}
