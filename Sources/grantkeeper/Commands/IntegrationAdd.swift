import ArgumentParser
import Connections

/// `grantkeeper integration add`.
struct IntegrationAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds an integration that a YAML file describes.",
        discussion: """
            The file holds the fields of POST /grantkeeper/integrations:

              slug: google-drive
              name: Google Drive
              authUri: https://accounts.google.com/o/oauth2/v2/auth
              tokenUri: https://oauth2.googleapis.com/token
              apiBaseUri: https://www.googleapis.com/drive/v3
              scope: https://www.googleapis.com/auth/drive.readonly
              clientId: 1234567890-abc.apps.googleusercontent.com

              grantkeeper integration add google-drive.yaml --secret-file client-secret.txt
              pass show google-drive | grantkeeper integration add google-drive.yaml --secret-stdin
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(
        help: ArgumentHelp("The file that describes it.", valueName: "file"), completion: .file())
    var path: String

    @Option(
        help: ArgumentHelp("A file that holds the client secret.", valueName: "file"),
        completion: .file())
    var secretFile: String?

    @Flag(help: "Read the client secret from standard input.")
    var secretStdin = false

    @Flag(
        help: ArgumentHelp(
            "Replace the integration that has this slug, if there is one.",
            discussion: "Its connections stay; its secret too, unless a new one is given."))
    var replace = false

    @Flag(
        help: ArgumentHelp(
            "With --replace: let endpoints move to another origin.",
            discussion: "Its connections then have to be authorized anew."))
    var confirm = false

    func validate() throws {
        guard secretFile == nil || !secretStdin else {
            throw ValidationError("Give one of --secret-file and --secret-stdin.")
        }
        guard replace || !confirm else {
            throw ValidationError("--confirm goes with --replace.")
        }
    }

    func run() throws {
        try CommandFailure.explaining {
            var file = try IntegrationFile(path: path)
            if let secret = try secretSource?.read() { try file.add(clientSecret: secret) }
            let keeper = try configurationFile.makeKeeper()
            let integration = try store(file, in: keeper)
            Output.result(
                """
                \(integration.slug) is stored (\(integration.id)).
                redirect URI: \(keeper.redirectURI.of(integration.definition))
                """)
        }
    }

    private var secretSource: SecretSource? {
        secretFile.map { .file($0) } ?? (secretStdin ? .standardInput : nil)
    }

    private func store(_ file: IntegrationFile, in keeper: Keeper) throws -> Integration {
        do {
            return try keeper.integrations.add(file.json)
        } catch ConnectionsError.conflict(code: "slug_taken", _) {
            let slug = file.slug ?? ""
            guard replace else {
                throw CommandFailure(
                    "There is an integration '\(slug)' already; --replace replaces it.")
            }
            return try replace(slug, with: file, in: keeper)
        }
    }

    private func replace(
        _ slug: String, with file: IntegrationFile, in keeper: Keeper
    ) throws -> Integration {
        do {
            return try keeper.integrations.replace(slug, with: file.json, confirmed: confirm)
        } catch ConnectionsError.conflict(code: "origin_change_unconfirmed", _) {
            throw CommandFailure(
                "An endpoint moves to another origin, so that the connections of '\(slug)' have"
                    + " to be authorized anew; --confirm says that this is meant.")
        }
    }
}
