import ArgumentParser
import Connections
import Encoding
import Integrations
import YAML

/// `grantkeeper integration show`.
struct IntegrationShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows an integration, as YAML.",
        discussion: """
            Whole, as far as its fields say anything: what was given, and what the catalogue or the \
            provider's metadata said. With --given, only what was given: that can be changed and \
            given to 'grantkeeper integration add FILE --replace', and still follows the others. \
            Secrets are never shown.

              grantkeeper integration show slack
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(help: "The integration's id or slug.")
    var integration: String

    @Flag(help: "Show what was given, and nothing else.")
    var given = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try CommandFailure.explaining {
            let keeper = try configurationFile.makeKeeper()
            let integration = try keeper.integrations.find(integration, for: .system)
            let fields =
                given
                ? try keeper.integrations.given(for: integration)
                : Self.whole(integration, keeper.redirectURI)
            Output.result(json ? Output.text(fields) : fields.yaml)
        }
    }

    private static func whole(_ integration: Integration, _ redirectURI: RedirectURI) -> JSONValue {
        let own = [
            ("id", integration.id), ("redirectUri", redirectURI.of(integration.definition)),
        ].map { JSONValue.Member(name: $0.0, value: .string($0.1)) }
        let fields = JSONValue.object(own + (integration.definition.json.members ?? []))
        return fields.withoutEmpties
    }
}

extension JSONValue {
    /// The object without empty members.
    fileprivate var withoutEmpties: JSONValue {
        guard let members else { return self }
        return .object(
            members.map { Member(name: $0.name, value: $0.value.withoutEmpties) }
                .filter { $0.value != .null && $0.value != .array([]) && $0.value.members != [] })
    }
}
