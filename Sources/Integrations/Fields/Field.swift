import Encoding

/// A field of an object in a definition: its name, the form of its value, its meaning, and the
/// place where the object keeps the value.
///
/// Everything else follows from it: reading, writing, the JSON Schema, the reference in the
/// documentation, the placeholders that may stand in it, and the checks of the URLs that it holds.
package struct Field<Owner: FieldedObject>: Sendable {
    package let about: FieldDescription
    /// The texts of the value that Grantkeeper sends or sends to.
    let texts: [FieldText<Owner>]
    /// Reads the value, and reports the form's problems.
    let read: @Sendable (inout Owner, inout DefinitionReader) -> Void
    /// Checks a new value more strictly than its form does.
    let check: @Sendable (Owner, inout DefinitionReader) -> Void
    /// Returns the value; `nil` where the object has no such field.
    let json: @Sendable (Owner) -> JSONValue?

    var name: String { about.name }

    /// - Parameters:
    ///   - applies: Returns whether the object has the field; where not, it is refused as unknown.
    ///     `nil` where every object has it.
    ///   - get: Returns the value; `nil` leaves the field out.
    ///   - set: Takes the value; `nil` when there is none.
    init<Value>(
        _ name: String, _ form: FieldForm<Value>, traits: FieldTraits = [],
        standard: JSONValue? = nil,
        when applies: (@Sendable (Owner) -> Bool)? = nil,
        get: @escaping @Sendable (Owner) -> Value?,
        set: @escaping @Sendable (inout Owner, Value?) -> Void, _ meaning: String
    ) {
        about = FieldDescription(
            name: name, traits: traits, takes: form.takes, schema: form.schema,
            standard: standard, isConditional: applies != nil, parts: form.parts, meaning: meaning)
        let applies = applies ?? { _ in true }
        texts = form.texts.map { $0.lifted(name, get: get, set: set) }
        read = { owner, reader in
            guard applies(owner) else { return }
            let value = form.read(&reader, name)
            if traits.contains(.required) {
                let isMissing = value.map { form.json($0) == "" } ?? true
                reader.require(!isMissing, "'\(name)' is missing")
            }
            set(&owner, value)
        }
        check = { owner, reader in
            if applies(owner), let value = get(owner) { form.check(value, name, &reader) }
        }
        json = { owner in applies(owner) ? get(owner).map(form.json) : nil }
    }

    /// Creates a field that keeps its default where no value is given.
    init<Value>(
        _ name: String, _ path: WritableKeyPath<Owner, Value> & Sendable, _ form: FieldForm<Value>,
        traits: FieldTraits = [], _ meaning: String
    ) {
        self.init(
            name, form, traits: traits,
            standard: traits.contains(.required) ? nil : form.json(Owner.initial[keyPath: path]),
            get: { $0[keyPath: path] },
            set: { owner, value in
                if let value { owner[keyPath: path] = value }
            }, meaning)
    }

    /// Creates a field that may be without a value.
    init<Value>(
        _ name: String, _ path: WritableKeyPath<Owner, Value?> & Sendable,
        _ form: FieldForm<Value>, traits: FieldTraits = [], _ meaning: String
    ) {
        self.init(
            name, form.orNull, traits: traits, get: { .some($0[keyPath: path]) },
            set: { owner, value in owner[keyPath: path] = value ?? nil }, meaning)
    }

    private init(
        about: FieldDescription, texts: [FieldText<Owner>],
        read: @escaping @Sendable (inout Owner, inout DefinitionReader) -> Void,
        check: @escaping @Sendable (Owner, inout DefinitionReader) -> Void,
        json: @escaping @Sendable (Owner) -> JSONValue?
    ) {
        self.about = about
        self.texts = texts
        self.read = read
        self.check = check
        self.json = json
    }

    /// Returns the same field of an object that contains this one's.
    func lifted<Outer>(_ path: WritableKeyPath<Outer, Owner> & Sendable) -> Field<Outer> {
        Field<Outer>(
            about: about,
            texts: texts.map { text in
                FieldText(
                    path: text.path, role: text.role, values: { text.values($0[keyPath: path]) },
                    map: { text.map(&$0[keyPath: path], $1) })
            },
            read: { [read] in read(&$0[keyPath: path], &$1) },
            check: { [check] in check($0[keyPath: path], &$1) },
            json: { [json] in json($0[keyPath: path]) })
    }
}
