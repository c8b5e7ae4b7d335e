import ArgumentParser

/// `grantkeeper key`: keys for programs.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes, lists and revokes API keys.",
        discussion: """
            A program sends its key as "Authorization: Bearer gk_…". A superuser's key may act for \
            any user (On-Behalf-Of), make sessions and keep integrations.
            """,
        subcommands: [KeyCreate.self, KeyList.self, KeyRevoke.self])
}
