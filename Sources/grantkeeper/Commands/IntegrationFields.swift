import Encoding
import Integrations

/// Fields of an integration that is to be stored, gathered one after the other.
package struct IntegrationFields {
    package private(set) var json: JSONValue

    package init(_ json: JSONValue = .object([JSONValue.Member]())) {
        self.json = json
    }

    private var members: [JSONValue.Member] { json.members ?? [] }

    var isEmpty: Bool { members.isEmpty }

    /// Sets a field, which counts for more than one of that name that is there.
    package mutating func set(_ name: String, _ value: JSONValue) {
        json = .object(
            members.filter { $0.name != name } + [JSONValue.Member(name: name, value: value)])
    }

    /// - Throws: ``CommandFailure`` when there is one already: it is not to be guessed which counts.
    package mutating func add(secrets: IntegrationFields) throws {
        for member in secrets.members {
            guard json[member.name] == nil else {
                throw CommandFailure(
                    "'\(member.name)' is given twice: in the file and beside it.")
            }
            set(member.name, member.value)
        }
    }

    package mutating func add(data: [(String, JSONValue)]) {
        guard !data.isEmpty else { return }
        let names = Set(data.map(\.0))
        let kept = (json["data"]?.members ?? []).filter { !names.contains($0.name) }
        set("data", .object(kept.map { ($0.name, $0.value) } + data))
    }

    /// Returns the provider of the catalogue for these fields, where `type` names one.
    ///
    /// - Throws: ``CommandFailure`` for an unknown type, where no other field says what is meant.
    package func nameProvider(in catalogue: ProviderCatalogue) throws -> Provider? {
        guard let type = json["type"]?.stringValue, type != IntegrationDefinition.customType else {
            return nil
        }
        if json["apiBaseUri"] == nil, json["issuer"] == nil { return try catalogue.known(type) }
        return try catalogue.provider(type)
    }
}
