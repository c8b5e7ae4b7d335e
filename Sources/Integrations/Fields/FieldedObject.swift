import Encoding

/// An object of a definition that is described by a list of its fields.
package protocol FieldedObject: Sendable {
    static var fields: [Field<Self>] { get }
    /// The object with the default of each field.
    static var initial: Self { get }
    /// The rules between fields, as keywords of JSON Schema.
    static var schemaRules: [(String, JSONValue)] { get }

    /// Refuses values that do not go together.
    func checkRules(_ reader: inout DefinitionReader)
}

extension FieldedObject {
    package static var schemaRules: [(String, JSONValue)] { [] }

    package func checkRules(_ reader: inout DefinitionReader) {}

    /// Reads the fields in their order: one may decide on the default of a later one.
    mutating func readFields(_ reader: inout DefinitionReader) {
        for field in Self.fields { field.read(&self, &reader) }
    }

    /// Checks the fields of a new object, each for itself.
    func checkFields(_ reader: inout DefinitionReader) {
        for field in Self.fields { field.check(self, &reader) }
    }

    /// The texts that Grantkeeper sends or sends to, in all depths.
    static var texts: [FieldText<Self>] { fields.flatMap(\.texts) }

    /// Reads an object and the rules between its fields.
    package static func read(_ reader: inout DefinitionReader) -> Self {
        var object = initial
        object.readFields(&reader)
        object.checkRules(&reader)
        return object
    }

    package var json: JSONValue {
        .object(Self.fields.compactMap { field in field.json(self).map { (field.name, $0) } })
    }

    /// The JSON Schema (draft 2020-12) of the object.
    package static var schema: JSONValue {
        let required = fields.filter {
            $0.about.traits.contains(.required) && !$0.about.isConditional
        }
        let names = required.map { JSONValue.string($0.name) }
        return .object(
            [("type", "object")] + (names.isEmpty ? [] : [("required", .array(names))])
                + schemaRules
                + [
                    ("properties", .object(fields.map { ($0.name, $0.about.fullSchema) })),
                    ("additionalProperties", false),
                ])
    }
}
