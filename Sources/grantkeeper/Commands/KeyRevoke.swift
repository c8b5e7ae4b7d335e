import ArgumentParser
import Connections

/// `grantkeeper key revoke`.
struct KeyRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Ends an API key, at once.",
        discussion: "  grantkeeper key revoke key-0123456789abcdef")

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(help: "The key's id, as 'key list' shows it; not the key itself.")
    var id: String

    func run() throws {
        try CommandFailure.explaining {
            // A whole key would stay in the shell's history and in the process list.
            guard !id.hasPrefix(APIKeyStore.prefix) else {
                throw CommandFailure(
                    "That is a key itself; revoke takes its id, which 'key list' shows.")
            }
            guard try configurationFile.makeKeeper().apiKeys.revoke(id: id) else {
                throw CommandFailure("There is no key \(id); 'grantkeeper key list' shows them.")
            }
            Output.remark("The key \(id) is revoked.")
        }
    }
}
