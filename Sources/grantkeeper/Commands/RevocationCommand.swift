import ArgumentParser

/// `grantkeeper revocation`: what providers have still to be told.
struct RevocationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revocation",
        abstract: "Shows the tokens that are still to be revoked at their providers, and why.",
        subcommands: [RevocationList.self, RevocationRetry.self])
}
