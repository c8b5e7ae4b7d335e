import FastCGI
import Foundation

/// Stops the server on SIGTERM or SIGINT, from a thread that waits for them.
final class SignalWaiter: Sendable {
    private let server: Server

    init(_ server: Server) {
        self.server = server
    }

    func start() {
        Thread { [server] in
            _ = TerminationSignals.wait()
            server.stop()
        }.start()
    }
}
