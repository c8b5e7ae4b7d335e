import Encoding

extension FieldForm where Value: FieldedObject {
    /// An object with fields of its own.
    static var object: Self {
        FieldForm(
            takes: "object", schema: FieldForm.members(of: Value.schema),
            read: { reader, name in reader.object(name) { Value.read(&$0) } },
            json: { $0.json },
            check: { object, name, reader in
                reader.check(within: name) { object.checkFields(&$0) }
            },
            texts: Value.texts, parts: Value.fields.map(\.about))
    }

    fileprivate static func members(of schema: JSONValue) -> [(String, JSONValue)] {
        (schema.members ?? []).map { ($0.name, $0.value) }
    }
}

extension FieldForm {
    /// A list of objects, each with fields of its own.
    static func objects<Object: FieldedObject>() -> FieldForm where Value == [Object] {
        FieldForm(
            takes: "list of objects", schema: [("type", "array"), ("items", Object.schema)],
            read: { reader, name in reader.objects(name) { Object.read(&$0) } },
            json: { .array($0.map(\.json)) }, parts: Object.fields.map(\.about))
    }
}

extension FieldForm where Value == [ConnectionDatum] {
    /// An object whose members are named by the operator.
    static var connectionData: Self {
        FieldForm(
            takes: "object of objects",
            schema: [
                ("type", "object"), ("propertyNames", ["pattern": "^[A-Za-z0-9]{1,64}$"]),
                ("additionalProperties", ConnectionDatum.schema),
            ],
            read: { reader, name in
                reader.object(name) { reader in
                    reader.names.compactMap { name in
                        reader.object(name) { ConnectionDatum.read(name, &$0) }
                    }
                }
            },
            json: { .object($0.map { ($0.name, $0.json) }) },
            parts: ConnectionDatum.fields.map(\.about))
    }
}
