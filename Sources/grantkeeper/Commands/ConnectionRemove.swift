import ArgumentParser
import Connections

/// `grantkeeper connection remove`.
struct ConnectionRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Ends a user's connections; the service revokes their tokens.",
        discussion: """
            For people who leave. They are unusable at once; 'revocation list' shows what the \
            providers have not been told yet.

              grantkeeper connection remove --user alice --sign-out
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Option(help: "Whose.")
    var user: String

    @Option(help: "Only the one with this integration: its id or slug.")
    var integration: String?

    @Flag(help: "Also the shared connections that the user made, which others use.")
    var shared = false

    @Flag(help: "End the user's sessions and API keys too.")
    var signOut = false

    func run() throws {
        try CommandFailure.explaining {
            let keeper = try configurationFile.makeKeeper()
            // First: a user who is signed in could connect again.
            if signOut {
                let ended = try keeper.sessions.endAll(ofUser: user)
                let revoked = try keeper.apiKeys.revokeAll(ofUser: user)
                Output.remark("\(ended) sessions and \(revoked) API keys of \(user) are ended.")
            }
            let outcome = try keeper.disconnector.disconnectAll(
                ofUser: user, integration: integration, includingShared: shared)
            for (slug, outlook) in outcome.ended {
                Output.remark("The connection with \(slug) is ended.\(outlook.remark)")
            }
            for slug in outcome.left {
                Output.remark(
                    "The shared connection with \(slug) was made by \(user) and goes on;"
                        + " --shared ends it.")
            }
            guard !outcome.ended.isEmpty || signOut else {
                throw CommandFailure("\(user) has no such connection.")
            }
        }
    }
}

extension RevocationOutlook {
    /// A remark for the operator, after a space; mostly empty.
    var remark: String {
        switch self {
        case .unsupported:
            " The provider is not told, because there is no 'revocationUri': the grant is still"
                + " listed there, to be ended there by hand."
        case .queued, .none: ""
        }
    }
}
