import ArgumentParser
import Configuration
import FastCGI
import FoundationEssentials
import Logging

/// `grantkeeper serve`: the service itself.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the service until SIGTERM or SIGINT.",
        discussion: """
            It listens on the configured Unix socket, or on the one that systemd passes, stays in \
            the foreground and logs to standard error. When told to stop, it answers the requests \
            in flight and ends with 0.

              grantkeeper serve --config /etc/grantkeeper/grantkeeper.yaml
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    func run() throws {
        // Before any thread starts: one that has the signals unblocked would take them.
        TerminationSignals.block()
        try CommandFailure.explaining {
            try ProcessMemory.protect()
            let configuration = try configurationFile.read()
            try Service(configuration, environment: ProcessInfo.processInfo.environment).run()
        }
    }
}
