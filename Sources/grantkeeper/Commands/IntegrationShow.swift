import ArgumentParser
import Connections
import Encoding
import YAML

/// `grantkeeper integration show`.
struct IntegrationShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract:
            "Shows an integration whole, as YAML: what was given for it, and what came with it.",
        discussion: """
            Secrets are not shown. 'grantkeeper integration update' changes single fields.

              grantkeeper integration show slack
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(help: "The integration's id or slug.")
    var integration: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try CommandFailure.explaining {
            let keeper = try configurationFile.makeKeeper()
            let integration = try keeper.integrations.find(integration, for: .system)
            let fields = JSONValue.object(
                [
                    ("id", .string(integration.id)),
                    ("redirectUri", .string(keeper.redirectURI.of(integration.definition))),
                ] + (integration.definition.json.members ?? []).map { ($0.name, $0.value) }
            ).withoutEmpties
            Output.result(json ? Output.text(fields) : fields.yaml)
        }
    }
}

extension JSONValue {
    /// Without members that say nothing.
    fileprivate var withoutEmpties: JSONValue {
        guard let members else { return self }
        return .object(
            members.map { Member(name: $0.name, value: $0.value.withoutEmpties) }
                .filter { $0.value != .null && $0.value != .array([]) && $0.value.members != [] })
    }
}
