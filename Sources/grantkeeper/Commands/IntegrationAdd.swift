import ArgumentParser
import Catalogue
import Connections
import Integrations
import Keeper
import Primitives
import Problems

/// `grantkeeper integration add`.
struct IntegrationAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds an integration: of a provider in the catalogue, an issuer, or a YAML file.",
        discussion: """
            For a provider of the catalogue, the client that you registered there is enough; for \
            any other that publishes OAuth or OpenID metadata, its issuer and the client are. A \
            file, whose name ends in .yaml, holds the fields of POST /grantkeeper/integrations. \
            Options count for more than what the file, the issuer or the catalogue says.

              grantkeeper integration add slack --client-id 123.456 --secret-file secret.txt
              grantkeeper integration add gitlab --client-id abc --secret-stdin \\
                  --data host=gitlab.example.com --scope 'read_api'
              grantkeeper integration add --issuer https://id.example.com --client-id abc \\
                  --secret-file secret.txt --slug example
              grantkeeper integration add ./crm.yaml --secret-file secret.txt
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @OptionGroup var given: IntegrationOptions

    @OptionGroup var secrets: SecretOptions

    @Flag(
        help: ArgumentHelp(
            "Replace the integration that has this slug, if there is one.",
            discussion: "Its connections stay; its secret too, unless a new one is given."))
    var replace = false

    @Flag(
        help: ArgumentHelp(
            "With --replace: let endpoints move to another origin.",
            discussion: "Its connections then have to be authorized again."))
    var confirm = false

    func validate() throws {
        guard replace || !confirm else {
            throw ValidationError("--confirm goes with --replace.")
        }
    }

    func run() throws {
        try CommandFailure.explaining {
            let fields = try given.fields(over: secrets.read())
            let configuration = try configurationFile.read()
            let provider = try fields.nameProvider(
                in: ProviderFiles(folder: configuration.providers).catalogue)
            let keeper = try configurationFile.makeKeeper()
            let integration = try store(fields, in: keeper)
            tell(integration, provider, keeper)
            if try keeper.integrations.lacksSecret(integration) {
                Output.remark(
                    "Note: there is no client secret. If the provider gave one, add it:"
                        + " grantkeeper integration update \(integration.slug) --secret-file FILE")
            }
        }
    }

    private func tell(_ integration: Integration, _ provider: Provider?, _ keeper: Keeper) {
        let definition = integration.definition
        let redirectURI = keeper.redirectURI.of(definition)
        Output.result("\(integration.slug) is stored (\(integration.id)).")
        if definition.consent == .user {
            Output.result("redirect URI: \(redirectURI)")
        }
        guard let provider else { return }
        let instructions = [provider.website, provider.instructions(redirectURI: redirectURI)]
        Output.remark(instructions.compactMap { $0 }.joined(separator: "\n"))
        for note in provider.notes { Output.remark("Note: \(note)") }
    }

    private func store(_ fields: IntegrationFields, in keeper: Keeper) throws -> Integration {
        do {
            guard replace else { return try keeper.integrations.add(fields.json) }
            return try keeper.integrations.addOrReplace(fields.json, confirmed: confirm)
        } catch InputError.conflict(code: .slugTaken, let detail) {
            throw CommandFailure(
                "\(detail) --replace replaces it; 'grantkeeper integration update' changes single"
                    + " fields.")
        }
    }
}
