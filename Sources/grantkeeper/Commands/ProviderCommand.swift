import ArgumentParser

/// `grantkeeper provider`: the catalogue of providers.
struct ProviderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider", abstract: "The providers that integrations can be made of.",
        subcommands: [ProviderList.self, ProviderShow.self, ProviderSchema.self])
}
