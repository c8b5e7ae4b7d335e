import ArgumentParser

/// `grantkeeper vault rotate`.
struct VaultRotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Adds a new key, and seals everything again with it, while the service runs.",
        discussion: """
            Every serving process has the new key before anything is sealed with it. Can be \
            stopped at any moment and begun again: it goes on where it stopped. The old key stays \
            in the key ring until 'vault retire' takes it out.
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    func run() throws {
        try CommandFailure.explaining {
            let status = try configurationFile.makeKeeper().vaultMaintenance.rotate(
                tell: Output.remark)
            VaultReport(status).print()
            Output.remark("Copy the key ring now, to where its last copy is.")
            guard status.broken.isEmpty else {
                throw CommandFailure(
                    "\(status.broken.count) stored secrets do not open and were left as they are.")
            }
        }
    }
}
