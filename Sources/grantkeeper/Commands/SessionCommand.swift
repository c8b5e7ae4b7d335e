import ArgumentParser

/// `grantkeeper session`: sign-ins for trials.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Makes sessions for trials.",
        discussion: """
            In production your application makes them, with POST /grantkeeper/sessions.
            """,
        subcommands: [SessionCreate.self])
}
