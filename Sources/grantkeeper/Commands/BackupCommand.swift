import ArgumentParser

/// `grantkeeper backup`.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the database to a file, while the service runs.",
        discussion: """
            The copy is what one moment held, checked, and on the disk when the command ends with \
            0. Nothing is overwritten. What is secret in it is sealed: it is of no use without the \
            key ring, which belongs to another place.

              grantkeeper backup /var/backups/grantkeeper-$(date +%F).sqlite
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(
        help: ArgumentHelp("The file to write; it must not exist yet.", valueName: "file"),
        completion: .file())
    var path: String

    func run() throws {
        try CommandFailure.explaining {
            let keys = try configurationFile.makeKeeper().backUp(to: path)
            Output.remark(
                """
                \(path) is written. To be restored it needs the key ring with \
                \(keys.joined(separator: ", ")).
                """)
        }
    }
}
