import ArgumentParser
import Configuration
import Connections
import FoundationEssentials
import Glibc

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
        do {
            _ = try Origin(publicBaseURL)
        } catch {
            throw ValidationError(
                "--public-base-url can't be \"\(publicBaseURL)\": \(error.reason).")
        }
        _ = try given()
    }

    func run() throws {
        try CommandFailure.explaining {
            let path = "\(folder)/\(ConfigurationFile.usualName)"
            let text = ConfigurationTemplate(given: try given()).text
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

    private var folder: String {
        directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    private var isInstallation: Bool { folder == InstalledLayout.configurationFolder }

    /// Gives the service's user what only that user may read.
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

    /// The settings to write, by path.
    private func given() throws -> [String: String] {
        var given = isInstallation ? InstalledLayout.settings : [:]
        given["publicBaseUrl"] = publicBaseURL
        for setting in settings {
            let parts = setting.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Settings.all.contains(where: { $0.path == parts[0] }) else {
                throw ValidationError(
                    "--set takes a setting and its value, such as log.format=json; there"
                        + " is no setting '\(parts[0])'.")
            }
            given[String(parts[0])] = String(parts[1])
        }
        return given
    }
}
