import ArgumentParser
import Configuration
import Connections
import FoundationEssentials

/// `grantkeeper init`: a configuration and a key ring to begin with.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a configuration and a key ring to begin with.",
        discussion: """
            Run it as the user that the service will run as. The configuration shows every \
            setting with its meaning; nothing that exists is overwritten.

              grantkeeper init --public-base-url https://app.example.com
              grantkeeper init --directory /etc/grantkeeper \\
                  --public-base-url https://app.example.com \\
                  --set database=/var/lib/grantkeeper/grantkeeper.sqlite \\
                  --set socket.path=/run/grantkeeper/grantkeeper.sock \\
                  --set socket.group=www-data
            """)

    @Option(help: "The folder to write into; it is made when it does not exist.")
    var directory = "."

    @Option(
        name: .customLong("public-base-url"),
        help: ArgumentHelp(
            "The origin that browsers reach your nginx under, such as https://app.example.com.",
            valueName: "url"))
    var publicBaseURL: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A further setting, as path=value; can be repeated.", valueName: "setting"))
    var settings: [String] = []

    func validate() throws {
        _ = try given()
    }

    func run() throws {
        try CommandFailure.explaining {
            let folder = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
            let path = "\(folder)/\(ConfigurationFile.usualName)"
            let text = ConfigurationTemplate(given: try given()).text
            let configuration = try Configuration(text: text, path: path, environment: [:])
            let keyRing = configuration.keyRing.path
            for file in [path, keyRing] where FileManager.default.fileExists(atPath: file) {
                throw CommandFailure("\(file) exists already; init overwrites nothing.")
            }
            try NewFile.makeFolder(folder)
            try NewFile.write(KeyRing.newText(), to: keyRing, mode: 0o600)
            try NewFile.write(text, to: path, mode: 0o644)
            tellNextSteps(configuration, path: path)
        }
    }

    /// The settings to write, by path.
    private func given() throws -> [String: String] {
        var given = ["publicBaseUrl": publicBaseURL]
        for setting in settings {
            let parts = setting.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Settings.all.contains(where: { $0.path == parts[0] }) else {
                throw ValidationError(
                    "--set takes a setting and its value, such as socket.group=www-data; there"
                        + " is no setting '\(parts[0])'.")
            }
            given[String(parts[0])] = String(parts[1])
        }
        return given
    }

    private func tellNextSteps(_ configuration: Configuration, path: String) {
        Output.result(
            """
            Written:
              \(path)
              \(configuration.keyRing.path)
                keep a copy of it apart from the database: without it no stored token can be opened

            Next:
              1. Look through the settings, then: grantkeeper check --config \(path)
              2. Include nginx/grantkeeper-upstream.conf (in http) and nginx/grantkeeper.conf (in
                 your server block); the upstream's socket is \(configuration.socket.path)
              3. Start it: grantkeeper serve --config \(path)
              4. Register this redirect URI with your providers: \(configuration.redirectURI)
              5. Add what can be connected to: grantkeeper integration add FILE --secret-file FILE
            """)
    }
}
