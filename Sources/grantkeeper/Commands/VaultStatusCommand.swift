import ArgumentParser

/// `grantkeeper vault status`.
struct VaultStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Opens every stored secret, and shows what each key is needed for.",
        discussion: "Ends with 1 when a secret does not open.")

    @OptionGroup var configurationFile: ConfigurationOption

    func run() throws {
        try CommandFailure.explaining {
            let status = try configurationFile.makeKeeper().vaultMaintenance.status()
            VaultReport(status).print()
            guard status.broken.isEmpty else {
                throw CommandFailure("\(status.broken.count) stored secrets do not open.")
            }
        }
    }
}
