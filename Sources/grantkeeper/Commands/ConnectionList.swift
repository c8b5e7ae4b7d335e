import ArgumentParser
import Connections

/// `grantkeeper connection list`.
struct ConnectionList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists connections: whose, with what, and how they are.",
        discussion: """
              grantkeeper connection list --status reauthorization_required
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Option(help: "Only those of this user.")
    var user: String?

    @Option(help: "Only those with this integration: its id or slug.")
    var integration: String?

    @Option(help: "Only those with this status: active or reauthorization_required.")
    var status: Connection.Status?

    func run() throws {
        try CommandFailure.explaining {
            let connections = try configurationFile.makeKeeper().connections.listAll(
                ownerID: user, integration: integration, status: status)
            Output.table(
                [["USER", "INTEGRATION", "SHARED", "STATUS", "REASON", "SINCE", "LAST USED", "ID"]]
                    + connections.map { connection, slug in
                        [
                            connection.ownerID, slug, connection.isShared ? "yes" : "no",
                            connection.status.rawValue, connection.statusReason?.rawValue ?? "-",
                            connection.statusSince.rfc3339,
                            connection.lastUsedAt?.rfc3339 ?? "-", connection.id,
                        ]
                    })
        }
    }
}

extension Connection.Status: ExpressibleByArgument {}
