import FastCGI
import Synchronization

/// The server's figures for the metrics page, which is made before the server is.
final class ServerGauges: Sendable {
    private let current = Mutex<Server?>(nil)

    var server: Server? {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    @Sendable func read() -> [(name: String, help: String, value: Int)] {
        guard let statistics = server?.statistics else { return [] }
        return [
            ("grantkeeper_workers", "Worker threads.", statistics.workers),
            ("grantkeeper_workers_busy", "Workers that answer a request.", statistics.busyWorkers),
            (
                "grantkeeper_connections_open", "Connections from nginx, idle ones included.",
                statistics.openConnections
            ),
        ]
    }
}
