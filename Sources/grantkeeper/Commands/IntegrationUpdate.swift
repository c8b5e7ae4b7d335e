import ArgumentParser
import Connections
import Keeper
import Primitives
import Problems

/// `grantkeeper integration update`.
struct IntegrationUpdate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Changes an integration, or takes over what the catalogue says today.",
        discussion: """
            With options, changes these fields of one integration and leaves the others. Without, \
            takes over what the catalogue says since a new version of Grantkeeper, and what the \
            providers' metadata say today (the service reads these itself, once a day).

              grantkeeper integration update slack --secret-file new-secret.txt
              grantkeeper integration update gitlab --scope 'read_api read_user'
              grantkeeper integration update
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(help: "Slugs or ids; all integrations when none is given.")
    var integrations: [String] = []

    @OptionGroup var fields: FieldOptions

    @OptionGroup var secrets: SecretOptions

    @Flag(
        help: ArgumentHelp(
            "Let endpoints move to another origin.",
            discussion: "Their connections then have to be authorized again."))
    var confirm = false

    func run() throws {
        try CommandFailure.explaining {
            let changes = try changes()
            guard changes.isEmpty || integrations.count == 1 else {
                throw CommandFailure("Name the one integration whose fields are to be changed.")
            }
            let keeper = try configurationFile.makeKeeper()
            let failures = try slugs(keeper).filter { try !update($0, changes, keeper) }
            guard failures.isEmpty else {
                throw CommandFailure("Not updated: \(failures.joined(separator: ", ")).")
            }
        }
    }

    private func changes() throws -> IntegrationFields {
        var changes = try secrets.read()
        try fields.add(to: &changes)
        return changes
    }

    private func slugs(_ keeper: Keeper) throws -> [String] {
        guard integrations.isEmpty else { return integrations }
        return try keeper.integrations.list(for: .system, start: 0, limit: .max).page.map(\.slug)
    }

    /// - Returns: Whether it is as new as can be.
    private func update(
        _ slug: String, _ changes: IntegrationFields, _ keeper: Keeper
    ) throws -> Bool {
        do {
            let (integration, hasChanged) = try keeper.integrations.update(
                slug, with: changes.json, confirmed: confirm)
            // The error may have been corrected at the provider.
            try keeper.clientRefusals.reconsider(integration)
            Output.result("\(slug)  \(hasChanged ? "updated" : "unchanged")")
            return true
        } catch InputError.conflict(code: .integrationComplete, _) {
            Output.result("\(slug)  unchanged: it was added whole, by an older version")
            return integrations.isEmpty
        } catch ConnectionsError.integrationNotFound {
            throw CommandFailure("There is no integration '\(slug)'.")
        } catch let error as any DomainError where integrations.count != 1 {
            Output.result("\(slug)  not updated: \(CommandFailure.sentence(error))")
            return false
        }
    }
}
