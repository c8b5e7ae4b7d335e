import ArgumentParser

/// `grantkeeper revocation`: the commands for revocations that wait for their provider.
struct RevocationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revocation",
        abstract: "Shows the tokens that are still to be revoked at their providers, and why.",
        subcommands: [RevocationList.self, RevocationRetry.self])
}
