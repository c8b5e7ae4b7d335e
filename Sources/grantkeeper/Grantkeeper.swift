import API
import ArgumentParser

/// The program: `serve`, and the operator's commands beside it.
@main
struct Grantkeeper: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grantkeeper",
        abstract: "Keeps the OAuth connections of the applications behind your nginx.",
        discussion: """
            To begin: make a configuration and a key ring, have them checked, start the service.

              grantkeeper init --public-base-url https://app.example.com
              grantkeeper check
              grantkeeper serve

            Then describe what can be connected to, and make a key for your application.

              grantkeeper integration add slack --client-id 123.456 --secret-file secret.txt
              grantkeeper key create --user my-application --superuser

            The configuration is the file of --config, else of $GRANTKEEPER_CONFIG, else \
            ./grantkeeper.yaml, else /etc/grantkeeper/grantkeeper.yaml. Every command but init \
            and restore works while the service runs.
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, ServeCommand.self, CheckCommand.self, ProviderCommand.self,
            IntegrationCommand.self,
            ConnectionCommand.self, RevocationCommand.self,
            SessionCommand.self, KeyCommand.self, VaultCommand.self,
            BackupCommand.self, RestoreCommand.self,
        ])

    static func main() {
        do throws(CommandFailure) {
            try StartingTexts.check()
        } catch {
            exit(withError: error)
        }
        main(nil)
    }
}
