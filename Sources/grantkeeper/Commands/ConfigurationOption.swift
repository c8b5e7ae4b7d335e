import ArgumentParser
import Configuration
import FoundationEssentials

/// `--config`, which every command but `init` takes.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The configuration's file.",
            discussion: """
                Without it: $GRANTKEEPER_CONFIG, ./grantkeeper.yaml, \
                /etc/grantkeeper/grantkeeper.yaml, the first that is there.
                """,
            valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var path: String?

    /// Whether there is one to be read.
    var exists: Bool {
        (try? ConfigurationFile.find(
            option: path, environment: ProcessInfo.processInfo.environment)) != nil
    }

    /// Finds and reads the configuration, the environment over it.
    ///
    /// - Throws: `ConfigurationError` with everything that is wrong.
    func read() throws -> Configuration {
        try readWithPath().configuration
    }

    /// Returns the configuration and the path of its file.
    func readWithPath() throws -> (configuration: Configuration, path: String) {
        let environment = ProcessInfo.processInfo.environment
        let path = try ConfigurationFile.find(option: path, environment: environment)
        return (try Configuration(path: path, environment: environment), path)
    }
}
