import ArgumentParser

/// `grantkeeper integration list`.
struct IntegrationList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the integrations, with the redirect URI to register for each.",
        discussion: """
            Under CLIENT stands since when the provider refuses the client's id or secret.

              grantkeeper integration list
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    func run() throws {
        try CommandFailure.explaining {
            let keeper = try configurationFile.makeKeeper()
            let integrations = try keeper.integrations.list(for: .system, start: 0, limit: .max)
            let refusals = try keeper.clientRefusals.inForce().map {
                ($0.slug, "refused since \($0.since.rfc3339)")
            }
            let refused = Dictionary(refusals) { first, _ in first }
            Output.table(
                [["SLUG", "NAME", "MODE", "AUTH", "CLIENT", "ID", "REDIRECT URI"]]
                    + integrations.page.map { integration in
                        let definition = integration.definition
                        return [
                            definition.slug, definition.name, definition.mode.rawValue,
                            definition.authType.rawValue, refused[integration.slug] ?? "-",
                            integration.id,
                            keeper.redirectURI.of(definition),
                        ]
                    })
        }
    }
}
