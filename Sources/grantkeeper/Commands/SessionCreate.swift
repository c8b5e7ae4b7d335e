import API
import ArgumentParser
import Configuration
import Connections
import Encoding

/// `grantkeeper session create`.
struct SessionCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Signs a user in, and prints the cookie and a start URL.",
        discussion: """
            Open the start URL in a browser to be signed in there (once, and soon), or send the \
            cookie with curl:

              grantkeeper session create --user alice
              curl -b 'grantkeeper=…' http://localhost:8080/grantkeeper/session
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Option(help: "The user to sign in: an id of your own.")
    var user: String

    @Flag(help: "Make the user a superuser for this session.")
    var superuser = false

    @Option(
        help: ArgumentHelp(
            "How long it is valid, such as 1h; at most sessions.lifetime.",
            valueName: "duration"))
    var expiresIn: DurationArgument?

    func run() throws {
        try CommandFailure.explaining {
            let configuration = try configurationFile.read()
            let logger = LogOutput.logger(configuration.log, atLeast: .warning)
            let sessions = try KeeperFactory(configuration: configuration, logger: logger)
                .makeKeeper().sessions
            let (token, expiresAt) = try sessions.create(
                userID: user, isSuperuser: superuser, expiresIn: expiresIn?.duration)
            let ticket = try sessions.ticket(forSession: token, userID: user, returnTo: nil)
            let site = SessionSite(publicBaseURL: configuration.publicBaseURL)
            Output.result(
                """
                token:     \(token)
                cookie:    \(site.cookieName)=\(token)
                start URL: \(site.startURL(ticket: ticket))
                expires:   \(expiresAt.rfc3339)
                """)
        }
    }
}
