import Encoding
import Integrations

/// The form of a catalogue entry, as a JSON Schema (draft 2020-12): `schema.json`, with the schema of
/// an integration's fields.
package enum EntrySchema {
    package static func read() throws -> JSONValue {
        let members = try JSONValue(parsing: PackageResources.schema_json).members ?? []
        return .object(
            members.map { ($0.name, $0.value) }
                + [("$defs", ["integration": IntegrationSchema.entry])])
    }
}
