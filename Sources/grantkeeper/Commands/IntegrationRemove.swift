import ArgumentParser
import Connections
import Primitives
import Problems

/// `grantkeeper integration remove`.
struct IntegrationRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes an integration.",
        discussion: """
            One that has connections is removed only with --disconnect: they end, and the service \
            revokes their tokens at the provider.

              grantkeeper integration remove google-drive --disconnect
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(help: "The integration's id or slug.")
    var id: String

    @Flag(help: "End its connections too.")
    var disconnect = false

    func run() throws {
        try CommandFailure.explaining {
            let keeper = try configurationFile.makeKeeper()
            do {
                let outlook = try keeper.disconnector.remove(id, disconnecting: disconnect)
                Output.remark("\(id) is removed.\(outlook.remark)")
            } catch InputError.conflict(code: .integrationInUse, _) {
                throw CommandFailure(
                    "'\(id)' has connections; --disconnect ends them and removes it.")
            }
        }
    }
}
