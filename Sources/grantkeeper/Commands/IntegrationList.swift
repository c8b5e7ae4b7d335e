import ArgumentParser
import Connections

/// `grantkeeper integration list`.
struct IntegrationList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the integrations, with the redirect URI to register for each.")

    @OptionGroup var configurationFile: ConfigurationOption

    func run() throws {
        try CommandFailure.explaining {
            let keeper = try configurationFile.makeKeeper()
            let integrations = try keeper.integrations.list(for: .system, start: 0, limit: .max)
            Output.table(
                [["SLUG", "NAME", "MODE", "AUTH", "ID", "REDIRECT URI"]]
                    + integrations.page.map { integration in
                        let definition = integration.definition
                        return [
                            definition.slug, definition.name, definition.mode.rawValue,
                            definition.authType.rawValue, integration.id,
                            keeper.redirectURI.of(definition),
                        ]
                    })
        }
    }
}
