import ArgumentParser

/// `grantkeeper connection`: the commands for users' connections.
struct ConnectionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connection",
        abstract: "Lists connections, and ends those of people who leave.",
        subcommands: [ConnectionList.self, ConnectionRemove.self])
}
