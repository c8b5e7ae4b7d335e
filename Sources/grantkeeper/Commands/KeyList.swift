import ArgumentParser

/// `grantkeeper key list`.
struct KeyList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the API keys; the keys themselves are not stored.")

    @OptionGroup var configurationFile: ConfigurationOption

    func run() throws {
        try CommandFailure.explaining {
            let keys = try configurationFile.makeKeeper().apiKeys.list()
            Output.table(
                [["ID", "USER", "SUPERUSER", "EXPIRES", "CREATED", "NAME"]]
                    + keys.map { key in
                        [
                            key.id, key.userID, key.isSuperuser ? "yes" : "no",
                            key.expiresAt?.rfc3339 ?? "never", key.createdAt.rfc3339, key.name,
                        ]
                    })
        }
    }
}
