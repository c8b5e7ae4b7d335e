import Encoding
import Integrations

/// The form of a catalogue entry, as a JSON Schema (draft 2020-12): `schema.json`, and in it the
/// fields of an integration as the API describes them.
package enum EntrySchema {
    /// - Parameter integration: The schema of an integration's fields.
    package static func of(integration: JSONValue) throws -> JSONValue {
        let fields = (integration["properties"]?.members ?? [])
            .filter { !Provider.notItsOwn.contains($0.name) }
        let members = try JSONValue(parsing: PackageResources.schema_json).members ?? []
        let own: JSONValue = [
            "type": "object", "properties": .object(fields), "additionalProperties": false,
        ]
        return .object(
            members.map { ($0.name, $0.value) } + [("$defs", ["integration": own])])
    }
}
