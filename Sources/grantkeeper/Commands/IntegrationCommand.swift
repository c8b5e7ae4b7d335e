import ArgumentParser

/// `grantkeeper integration`: the commands for integrations.
struct IntegrationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "integration",
        abstract: "Adds, shows, changes and removes what can be connected to.",
        subcommands: [
            IntegrationAdd.self, IntegrationList.self, IntegrationShow.self,
            IntegrationUpdate.self, IntegrationRemove.self,
        ])
}
