import ArgumentParser
import Connections
import Encoding

/// `grantkeeper key create`.
struct KeyCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes an API key and prints it, this once.",
        discussion: """
            Standard output holds the key and nothing else:

              key=$(grantkeeper key create --user my-application --superuser)
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Option(help: "The user that the key belongs to: an id of your own.")
    var user: String

    @Flag(help: "Make it a superuser's key.")
    var superuser = false

    @Option(help: "What it is for; shown by 'key list'.")
    var name = ""

    @Option(
        help: ArgumentHelp(
            "How long it is valid, such as 90d; without an end when absent.",
            valueName: "duration"))
    var expiresIn: DurationArgument?

    func run() throws {
        try CommandFailure.explaining {
            let (key, stored) = try configurationFile.makeKeeper().apiKeys.create(
                userID: user, isSuperuser: superuser, name: name,
                expiresIn: expiresIn?.duration)
            Output.result(key)
            let end = stored.expiresAt.map { "good until \($0.rfc3339)" } ?? "without end"
            Output.remark("The key \(stored.id) of \(user), \(end). It can't be shown again.")
        }
    }
}
