import ArgumentParser
import Keeper
import Vault

/// `grantkeeper restore`.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Puts a backup in the database's place; the service has to be stopped.",
        discussion: """
            The backup is checked first: that it is whole, that this version can read it, that the \
            key ring opens it. The database that it replaces is kept beside it. Where that one can \
            still be read, what came after the backup is taken over from it: tokens that were \
            refreshed since, connections that were made or ended, revocations that wait, API keys. \
            All users are signed out.

              systemctl stop grantkeeper
              grantkeeper restore /var/backups/grantkeeper-2026-03-01.sqlite
              systemctl start grantkeeper
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(
        help: ArgumentHelp("The backup.", valueName: "file"), completion: .file())
    var path: String

    func run() throws {
        try CommandFailure.explaining {
            let outcome = try restore()
            if let kept = outcome.kept { Output.result("The replaced database is \(kept).") }
            Output.result("All users are signed out.")
            Output.result(outcome.tookOver ? Self.complete : Self.incomplete)
            for problem in outcome.problems { Output.result("problem: \(problem)") }
            guard outcome.problems.isEmpty else {
                throw CommandFailure("The backup is restored, but not all of it is well.")
            }
        }
    }

    private func restore() throws -> Restore.Outcome {
        do {
            return try configurationFile.makeRestore()(path)
        } catch VaultError.sealBroken(let problem) {
            throw CommandFailure(
                """
                The key ring does not open the backup (\(problem)). A backup needs the keys that \
                were in use when it was made: put their lines back, at the beginning of the key \
                ring. 'vault retire' moved them to the file that ends in .retired.
                """)
        }
    }

    private static let complete = """
        What came after the backup was taken over: refreshed tokens, connections that were made or \
        ended, waiting revocations, API keys.
        """

    private static let incomplete = """
        Nothing was taken over from the replaced database: it is damaged, not there, or another \
        one. So, of what came after the backup:
          tokens that were refreshed are lost: where the provider rotates them, the connection's
          owner is asked to connect again with the next call;
          connections that were ended are there again: end them with 'connection remove';
          API keys that were revoked work again: look through 'key list', and revoke them.
        """
}
