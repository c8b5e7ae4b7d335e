import Encoding

/// The description of a field of any type.
package struct FieldDescription: Sendable {
    package let name: String
    package let traits: FieldTraits
    /// The accepted values, in words.
    package let takes: String
    /// The accepted values, as keywords of JSON Schema.
    let schema: [(String, JSONValue)]
    /// The value that stands where none is given.
    let standard: JSONValue?
    /// Whether other fields decide if there is one.
    let isConditional: Bool
    /// The fields of an object, or of the objects in a list.
    package let parts: [FieldDescription]
    /// The purpose of the field, in Markdown.
    package let meaning: String

    /// The default as it would stand in a file; `nil` where there is none, or it is empty.
    package var standardText: String? {
        switch standard {
        case .string("")?, .array?, .object?, .null?, nil: nil
        case .string(let text)? where text.contains(" "): "\"\(text)\""
        case let value?: value.plainText
        }
    }

    /// The JSON Schema of the field. `null` stands for a field that is left out.
    package var fullSchema: JSONValue {
        var members = schema
        if !traits.contains(.required) {
            members = schema.map { name, value in
                switch name {
                case "type": ("type", .array((value.elements ?? [value]) + ["null"]))
                case "enum": ("enum", .array((value.elements ?? []) + [.null]))
                default: (name, value)
                }
            }
        }
        members.append(("description", .string(meaning)))
        if standardText != nil, let standard { members.append(("default", standard)) }
        if traits.contains(.secret) { members.append(("writeOnly", true)) }
        return .object(members)
    }
}

/// The traits of a field that other parts of the program ask for.
package struct FieldTraits: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The field has no default.
    package static let required = FieldTraits(rawValue: 1)
    /// Every user of the integration may see the value.
    package static let everyUserSees = FieldTraits(rawValue: 2)
    /// The operator who adds an integration sets the field; an entry of the catalogue cannot.
    package static let operatorSets = FieldTraits(rawValue: 4)
    /// The value is never returned under this name.
    package static let secret = FieldTraits(rawValue: 8)
}
