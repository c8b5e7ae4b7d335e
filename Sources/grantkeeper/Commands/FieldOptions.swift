import ArgumentParser
import Encoding
import Integrations
import YAML

/// Fields of an integration on the command line, each of which can be changed later.
struct FieldOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The client's id at the provider.", valueName: "id"))
    var clientId: String?

    @Option(help: ArgumentHelp("How it is called for people.", valueName: "text"))
    var name: String?

    @Option(help: ArgumentHelp("What is asked for, separated by spaces.", valueName: "scopes"))
    var scope: String?

    @Option(help: ArgumentHelp("Where calls go.", valueName: "url"))
    var apiBaseUri: String?

    @Option(
        help: ArgumentHelp(
            "A value that the provider's URLs need, such as host=gitlab.example.com.",
            valueName: "name=value"))
    var data: [String] = []

    @Option(
        help: ArgumentHelp(
            "Any other field; the value is YAML, such as 'headers={X-Version: \"2\"}'.",
            valueName: "field=value"))
    var set: [String] = []

    /// - Throws: ``CommandFailure`` for a malformed text, and for a secret, which may not be here.
    func add(to fields: inout IntegrationFields) throws {
        let options = [
            ("clientId", clientId), ("name", name), ("scope", scope), ("apiBaseUri", apiBaseUri),
        ]
        for case (let name, let value?) in options { fields.set(name, .string(value)) }
        for pair in set {
            let (name, value) = try Self.split(pair, option: "--set")
            guard !ClientSecrets.names.contains(name) else {
                throw CommandFailure(
                    "A secret on the command line is seen by every process of the machine: give"
                        + " '\(name)' by --secret-file, --secret-stdin or --key-file.")
            }
            fields.set(name, try Self.value(value, of: name))
        }
        let values = try data.map { try Self.split($0, option: "--data") }
        fields.add(data: values.map { ($0.name, .string($0.value)) })
    }

    private static func split(
        _ pair: String, option: String
    ) throws -> (name: String, value: String) {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw CommandFailure("\(option) takes a name and a value, as in name=value.")
        }
        return (String(parts[0]), String(parts[1]))
    }

    private static func value(_ text: String, of name: String) throws -> JSONValue {
        do throws(YAMLError) {
            return JSONValue(try YAMLNode(parsing: text))
        } catch {
            throw CommandFailure("The value of --set \(name) is no YAML: \(error.reason).")
        }
    }
}
