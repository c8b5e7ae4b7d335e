import Addressing
import Locking

/// The state of a ``ConnectionPool`` for all servers; its lock guards it.
struct PoolState: Sendable {
    private var servers: [Origin: ServerConnections] = [:]
    private var idle = 0
    private var sweptAt = MonotonicTime.now
    /// The time between two looks for expired connections.
    private static let sweepPause = Duration.seconds(1)

    mutating func server(_ origin: Origin) -> ServerConnections {
        if let server = servers[origin] { return server }
        let server = ServerConnections(origin: origin)
        servers[origin] = server
        return server
    }

    /// Changes the state of a server, and forgets the server once it is unused.
    mutating func change<Result>(
        _ server: ServerConnections, _ body: (ServerConnections) -> Result
    ) -> Result {
        let before = server.parked.count
        defer {
            idle += server.parked.count - before
            if server.isUnused { servers[server.origin] = nil }
        }
        return body(server)
    }

    /// - Returns: The connections to close.
    mutating func end(
        _ seat: ConnectionSeat, _ parked: ParkedConnection?,
        _ configuration: CurlTransportConfiguration
    ) -> [ParkedConnection] {
        var dropped = change(seat.server) { server in
            server.leave()
            return parked.map { server.park($0, seat.limits) } ?? server.serveWaiting()
        }
        guard let parked else { return dropped }
        if seat.server.parked.count > configuration.idleConnectionsPerOrigin {
            dropped += change(seat.server) { $0.removeFirst() }
        } else if idle > configuration.idleConnections {
            dropped += change(serverIdleLongest ?? seat.server) { $0.removeFirst() }
        }
        if sweptAt.after(Self.sweepPause) < parked.since {
            sweptAt = parked.since
            dropped += removeExpired(at: parked.since)
        }
        return dropped
    }

    mutating func removeExpired(at now: MonotonicTime) -> [ParkedConnection] {
        servers.values.flatMap { server in change(server) { $0.removeExpired(at: now) } }
    }

    private var serverIdleLongest: ServerConnections? {
        servers.values.compactMap { server in server.parked.first.map { (server, $0.since) } }
            .min { $0.1 < $1.1 }?.0
    }
}
