import ArgumentParser

/// `grantkeeper vault retire`.
struct VaultRetire: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Takes a key that nothing needs any more out of the key ring.",
        discussion: """
            Refused while a stored secret is sealed with it, or a serving process seals with it. \
            The key moves to a file beside the key ring: keep it, apart from the database, as long \
            as you keep backups that were made before the rotation.

              grantkeeper vault retire key-0123456789abcdef01234567
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(help: "The key's id, as 'vault status' shows it.")
    var key: String

    func run() throws {
        try CommandFailure.explaining {
            let file = try configurationFile.makeKeeper().vaultMaintenance.retire(key)
            Output.remark(
                """
                The key \(key) is out of use. It was moved to \(file).
                Backups from before the rotation can be restored only with it: move that file to \
                where you keep key rings, or delete it with the last of those backups.
                """)
        }
    }
}
