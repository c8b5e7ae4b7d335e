import Glibc
import Synchronization

/// The open connections, which stay in memory until they are closed here.
final class ConnectionRegistry: Sendable {
    private let connections = Mutex<[ObjectIdentifier: Connection]>([:])

    var count: Int {
        connections.withLock { $0.count }
    }

    func insert(_ connection: Connection) {
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
    }

    /// Closes a connection, under the lock: its number may be reused, and ``cut(_:)`` must not hit
    /// the new connection.
    func close(_ connection: Connection) {
        connections.withLock { open in
            connection.phase.store(.closed, ordering: .relaxed)
            _ = Glibc.close(connection.descriptorNumber)
            open[ObjectIdentifier(connection)] = nil
        }
    }

    /// Lets go of a connection whose descriptor libfcgi has already closed.
    func forget(_ connection: Connection) {
        connections.withLock { open in
            connection.phase.store(.closed, ordering: .relaxed)
            open[ObjectIdentifier(connection)] = nil
        }
    }

    /// Ends those that are in that phase. Their workers notice and close them; parked ones become
    /// readable, and a worker takes them. One that already has input is left alone.
    func cut(_ phase: Connection.Phase) {
        connections.withLock { open in
            for connection in open.values
            where connection.phase.load(ordering: .relaxed) == phase {
                if phase == .parked && connection.hasInput { continue }
                connection.cut()
            }
        }
    }
}
