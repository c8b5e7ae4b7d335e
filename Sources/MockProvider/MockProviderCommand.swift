import ArgumentParser
import FastCGI
import Foundation
import Logging

/// The command `mock-provider`, which serves on a Unix socket until SIGTERM or SIGINT.
@main
struct MockProviderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mock-provider",
        abstract: "A strict OAuth 2.0 provider for tests, as a FastCGI application.",
        discussion: "scripts/mock-provider starts it together with an nginx of its own.")

    @Option(help: "The Unix socket to serve on.")
    var socket: String

    @Option(help: "The group that may connect to the socket; by default the process's own.")
    var socketGroup: String?

    @OptionGroup var behaviour: BehaviourOptions

    func validate() throws {
        _ = try behaviour.settings()
    }

    func run() throws {
        TerminationSignals.block()
        let responder = try MockResponder(SimulatedProvider(settings: try behaviour.settings()))
        let server = try Server(
            configuration: ServerConfiguration(
                listener: .path(socket, mode: 0o660, group: socketGroup), drainTimeout: .seconds(2)),
            responder: responder, logger: Logger(label: "mock-provider"))
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            server.run()
            ended.signal()
        }
        _ = TerminationSignals.wait()
        server.stop()
        ended.wait()
    }
}
