import Addressing
import Locking

/// The connections to servers: their number, the requests that may use them, and the idle ones. Of
/// these the one used last is taken first, so that surplus ones grow old and are closed.
///
/// Over HTTP/1.1 nothing tells which request an answer belongs to but its place in the stream, so
/// a server that sends unrequested bytes can answer the next request with them. Bytes that came
/// before a connection is taken are noticed; later ones are not. So a connection never carries
/// calls with different credentials: at worst, a user gets an answer of their own.
final class ConnectionPool: Sendable {
    /// The properties in which a request and a connection must agree.
    struct Key: Sendable {
        let origin: Origin
        let credential: String
    }

    /// The connection that a request may use, or its right to open one.
    struct Claim {
        let seat: ConnectionSeat
        /// `nil` when one has to be opened.
        let connection: CurlConnection?
        var hasWaited = false
    }

    /// The time for which a request waits for its turn where the number of connections is not
    /// limited: then it opens one more …
    private static let patience = Duration.seconds(1)
    /// … and much sooner when the server moves nothing.
    private static let patienceWithoutMove = Duration.milliseconds(50)

    private let configuration: CurlTransportConfiguration
    /// The longest time for which an idle connection is kept.
    private let idleLifetime: Duration
    private let state = BargingLock(PoolState())

    init(configuration: CurlTransportConfiguration) {
        self.configuration = configuration
        idleLifetime = configuration.idleConnectionLifetime
    }

    /// Gives a request a connection, or the right to open one; has it wait for either.
    ///
    /// - Parameters:
    ///   - headLimit: The time that the request has for its answer's head, of which waiting takes at
    ///     most half.
    ///   - watched: A stream socket; when its other end hangs up, waiting stops.
    /// - Throws: ``HTTPClientError/noTurn``, ``HTTPClientError/abandoned``.
    func claim(
        _ key: Key, _ limits: ConnectionLimits, headLimit: Duration, watched: Int32?
    ) throws(HTTPClientError) -> Claim {
        var end: MonotonicTime?
        var entry = enter(key, limits)
        while true {
            switch entry {
            case .taken(let server, let parked):
                let seat = ConnectionSeat(server, key, limits, in: self, isNew: false)
                if parked.isUsable {
                    return Claim(
                        seat: seat, connection: parked.connection, hasWaited: end != nil)
                }
                seat.end()
                entry = enter(key, limits)
            case .mayOpen(let server):
                let seat = ConnectionSeat(server, key, limits, in: self, isNew: true)
                return Claim(seat: seat, connection: nil, hasWaited: end != nil)
            case .mustWait:
                let usual = limits.most == nil ? Self.patience : limits.wait
                let until = end ?? .now.after(min(headLimit / 2, usual))
                end = until
                entry = try wait(key, limits, until, watched)
            }
        }
    }

    private func enter(_ key: Key, _ limits: ConnectionLimits) -> Entry {
        var dropped: [ParkedConnection] = []
        // Dropped connections are closed outside the lock: that may write to a socket.
        defer { dropped.removeAll() }
        return state.withLock { state in
            state.change(state.server(key.origin)) { server in
                if let parked = server.take(key.credential) { return .taken(server, parked) }
                guard let closed = server.open(limits) else { return .mustWait }
                dropped = closed
                return .mayOpen(server)
            }
        }
    }

    private func wait(
        _ key: Key, _ limits: ConnectionLimits, _ until: MonotonicTime, _ watched: Int32?
    ) throws(HTTPClientError) -> Entry {
        let turn = try ConnectionTurn(key.credential, limits)
        var dropped: [ParkedConnection] = []
        let server = state.withLock { state in
            let server = state.server(key.origin)
            // One may have come free in between.
            dropped = state.change(server) { server in
                server.append(turn)
                return server.serveWaiting()
            }
            return server
        }
        dropped.removeAll()
        let hasLeft = wait(turn, server, until, watched)
        let gift = state.withLock { state in
            state.change(server) { server in
                server.gift(of: turn, orOpens: !hasLeft && limits.most == nil)
            }
        }
        guard let gift else { throw hasLeft ? .abandoned : .noTurn }
        if hasLeft {
            ConnectionSeat(server, key, limits, in: self, isNew: gift.isNew).end()
            throw .abandoned
        }
        switch gift {
        case .connection(let parked): return .taken(server, parked)
        case .mayOpen: return .mayOpen(server)
        }
    }

    /// - Returns: Whether the caller has gone.
    private func wait(
        _ turn: ConnectionTurn, _ server: ServerConnections, _ until: MonotonicTime,
        _ watched: Int32?
    ) -> Bool {
        guard turn.limits.most == nil else { return turn.wait(until: until, watching: watched) }
        var next = MonotonicTime.now.after(Self.patienceWithoutMove)
        while true {
            if turn.wait(until: min(until, next), watching: watched) { return true }
            let now = MonotonicTime.now
            let moved = state.withLock { _ in turn.gift == nil ? server.movedAt : nil }
            guard let moved else { return false }
            next = moved.after(Self.patienceWithoutMove)
            if now >= min(until, next) { return false }
        }
    }

    /// The result of asking for a connection.
    private enum Entry {
        case taken(ServerConnections, ParkedConnection)
        case mayOpen(ServerConnections)
        case mustWait
    }
}

/// The reports of seats.
extension ConnectionPool {
    /// Notes that the server answered on a new connection, or that it ended without an answer.
    func proved(_ seat: ConnectionSeat, wasSilent: Bool) {
        var dropped: [ParkedConnection] = []
        state.withLock { state in
            dropped = state.change(seat.server) { server in
                server.proved(wasSilent: wasSilent)
                return server.serveWaiting()
            }
        }
        dropped.removeAll()
    }

    /// Notes that the server has not answered on a new connection for long.
    func isSilent(_ seat: ConnectionSeat) {
        var dropped: [ParkedConnection] = []
        state.withLock { state in
            dropped = state.change(seat.server) { server in server.isSilent() }
        }
        dropped.removeAll()
    }

    /// Notes that a request is over.
    ///
    /// - Parameters:
    ///   - connection: The connection to keep.
    ///   - serverLimit: The time for which the server keeps it, where it says so.
    func end(_ seat: ConnectionSeat, keeping connection: CurlConnection?, serverLimit: Duration?) {
        let parked = connection.map {
            Self.parked($0, seat, serverLimit: serverLimit, limit: idleLifetime)
        }
        var dropped: [ParkedConnection] = []
        state.withLock { state in
            dropped = state.end(seat, parked, configuration)
        }
        dropped.removeAll()
    }

    private static func parked(
        _ connection: CurlConnection, _ seat: ConnectionSeat, serverLimit: Duration?,
        limit: Duration
    ) -> ParkedConnection {
        let now = MonotonicTime.now
        // A second before: a request must not meet the server's closing.
        let lifetime = min(
            seat.limits.idle, limit, serverLimit.map { $0 - .seconds(1) } ?? limit)
        return ParkedConnection(
            credential: seat.credential, connection: connection, since: now,
            expiry: now.after(lifetime))
    }

    /// Closes the connections that have been idle too long. `end` does it too, now and then; this
    /// is for times when nothing is sent.
    func closeExpired() {
        let now = MonotonicTime.now
        var dropped: [ParkedConnection] = []
        state.withLock { state in dropped = state.removeExpired(at: now) }
        dropped.removeAll()
    }
}
