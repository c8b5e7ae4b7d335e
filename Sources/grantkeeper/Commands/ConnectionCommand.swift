import ArgumentParser

/// `grantkeeper connection`: what users have connected.
struct ConnectionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connection",
        abstract: "Lists connections, and ends those of people who leave.",
        subcommands: [ConnectionList.self, ConnectionRemove.self])
}
