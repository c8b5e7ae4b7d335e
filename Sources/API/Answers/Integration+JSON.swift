import Encoding
import Integrations

extension Integration {
    /// The members that any user of the integration may see.
    var publicJSON: JSONValue {
        .object(
            [("id", .string(id))] + definition.publicMembers + [
                ("asks", definition.questions),
                ("createdAt", .string(createdAt.rfc3339)),
                ("updatedAt", .string(updatedAt.rfc3339)),
            ])
    }

    /// The few fields that the list of connections embeds.
    var summary: JSONValue {
        ["id": .string(id), "name": .string(definition.name), "type": .string(definition.type)]
    }
}
