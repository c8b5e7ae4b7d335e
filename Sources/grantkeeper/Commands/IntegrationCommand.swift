import ArgumentParser

/// `grantkeeper integration`: what can be connected to.
struct IntegrationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "integration",
        abstract: "Adds, lists and removes what can be connected to.",
        subcommands: [IntegrationAdd.self, IntegrationList.self, IntegrationRemove.self])
}
