import ArgumentParser
import Connections
import Keeper

/// `grantkeeper connection list`.
struct ConnectionList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists connections: whose, with what, and how they are.",
        discussion: """
            Under LAST FAILURE stands what refreshing the token failed with last, how often in a row, \
            and since when; what to do about it is said below.

              grantkeeper connection list --status reauthorization_required
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Option(help: "Only those of this user.")
    var user: String?

    @Option(help: "Only those with this integration: its id or slug.")
    var integration: String?

    @Option(help: "Only those with this status.")
    var status: Connection.Standing?

    func run() throws {
        try CommandFailure.explaining {
            let keeper = try configurationFile.makeKeeper()
            let connections = try keeper.connections.listAll(
                ownerID: user, integration: integration, status: status)
            Output.table(
                [
                    [
                        "USER", "INTEGRATION", "SHARED", "STATUS", "REASON", "SINCE", "LAST USED",
                        "LAST FAILURE", "ID",
                    ]
                ] + connections.map { Self.row($0.connection, slug: $0.slug) })
            try advise(connections, keeper)
        }
    }

    private static func row(_ connection: Connection, slug: String) -> [String] {
        [
            connection.ownerID, slug, connection.isShared ? "yes" : "no",
            connection.standing.rawValue, connection.statusReason?.rawValue ?? "-",
            connection.standingSince.rfc3339, connection.lastUsedAt?.rfc3339 ?? "-",
            connection.refreshTrouble?.summary ?? "-", connection.id,
        ]
    }

    /// Prints advice about the failures, once for each kind.
    private func advise(
        _ connections: [(connection: Connection, slug: String)], _ keeper: Keeper
    ) throws {
        var said: Set<String> = []
        for (connection, slug) in connections {
            guard let trouble = connection.refreshTrouble else { continue }
            let definition = try keeper.integrations.find(slug, for: .system).definition
            let advice = "\(slug), \(trouble.answer): \(trouble.advice(definition))"
            if said.insert(advice).inserted { Output.remark(advice) }
        }
    }
}

extension Connection.Standing: ExpressibleByArgument {}

extension RefreshTrouble {
    /// The provider's answer.
    fileprivate var answer: String { status.map { "\(code) (\($0))" } ?? code }

    fileprivate var summary: String { "\(answer), \(count) times since \(since.rfc3339)" }
}
