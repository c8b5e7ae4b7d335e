import ArgumentParser
import Configuration
import FoundationEssentials
import Glibc
import Vault

/// `grantkeeper init`: a configuration and a key ring to begin with.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a configuration and a key ring to begin with.",
        discussion: """
            The configuration shows every setting with its meaning; nothing that exists is \
            overwritten. For trials, run it as the user that the service will run as:

              grantkeeper init --public-base-url http://localhost:8080

            To install, make the user grantkeeper first, and run it as root. With this directory \
            the database goes to /var/lib/grantkeeper and the socket to /run/grantkeeper, for \
            nginx's group; the key ring and the database's folder are given to that user.

              sudo grantkeeper init --directory /etc/grantkeeper \\
                  --public-base-url https://app.example.com
            """)

    @Option(
        help: ArgumentHelp(
            "The folder to write into; it is made when it does not exist.", valueName: "folder"))
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
            "A further setting, such as log.format=json; can be repeated.",
            valueName: "path=value"))
    var settings: [String] = []

    func validate() throws {
        do throws(ConfigurationError) {
            _ = try Configuration(options: try options(), path: path)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        try CommandFailure.explaining {
            let given = try options().map { ($0.setting, $0.value) }
            let text = ConfigurationTemplate(
                given: Dictionary(given) { _, last in last }
            ).text
            let configuration = try Configuration(text: text, path: path, environment: [:])
            let keyRing = configuration.keyRing.path
            for file in [path, keyRing] where FileManager.default.fileExists(atPath: file) {
                throw CommandFailure("\(file) exists already; init overwrites nothing.")
            }
            try NewFile.makeFolder(folder, mode: isInstallation ? 0o755 : 0o700)
            try NewFile.write(KeyRing.newText(), to: keyRing, mode: 0o600)
            try NewFile.write(text, to: path, mode: 0o644)
            let steps = NextSteps(configuration: configuration, path: path)
            Output.result(isInstallation ? steps.installed : steps.tried)
            if isInstallation { try handOver(keyRing) }
        }
    }

    private var path: String { "\(folder)/\(ConfigurationFile.usualName)" }

    private var folder: String {
        directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    private var isInstallation: Bool { folder == InstalledLayout.configurationFolder }

    /// Gives the service's user the files that only that user may read.
    private func handOver(_ keyRing: String) throws {
        guard geteuid() == 0 else { return }
        let user = InstalledLayout.user
        try NewFile.makeFolder(InstalledLayout.stateFolder, mode: 0o700)
        guard try NewFile.give(keyRing, to: user),
            try NewFile.give(InstalledLayout.stateFolder, to: user)
        else {
            return Output.remark(
                """
                There is no user \(user): \(keyRing) and \(InstalledLayout.stateFolder) are root's. \
                Make the user and chown them.
                """)
        }
    }

    /// Returns the settings to write, each with the option that gives it; the last of two counts.
    private func options() throws(ConfigurationError) -> [(
        option: String, setting: String, value: String
    )] {
        let layout = isInstallation ? InstalledLayout.settings : [:]
        var options = layout.sorted { $0.key < $1.key }.map {
            (option: "--directory", setting: $0.key, value: $0.value)
        }
        options.append(("--public-base-url", "publicBaseUrl", publicBaseURL))
        for given in settings {
            let parts = given.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard parts.count == 2, name != "publicBaseUrl" else {
                throw ConfigurationError(
                    option: "--set \(given)",
                    parts.count == 2
                        ? "publicBaseUrl is given by --public-base-url."
                        : "it takes a setting and its value, such as log.format=json.")
            }
            options.append(("--set", name, String(parts[1])))
        }
        return options
    }
}
