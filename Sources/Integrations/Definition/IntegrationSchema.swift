import Encoding

/// The JSON Schemas (draft 2020-12) of an integration's fields.
package enum IntegrationSchema {
    /// The schema of an integration as its operator writes it. No field is required: each may come
    /// from the catalogue's entry or from the issuer's metadata.
    package static var input: JSONValue {
        .object((IntegrationInput.schema.members ?? []).filter { $0.name != "required" })
    }

    /// The schema of an integration as an entry of the catalogue writes it.
    package static var entry: JSONValue {
        let fields = (input["properties"]?.members ?? [])
            .filter { !IntegrationInput.operatorsNames.contains($0.name) }
        return .object(
            (input.members ?? []).map { member in
                (member.name, member.name == "properties" ? .object(fields) : member.value)
            })
    }
}
