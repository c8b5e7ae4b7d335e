import Locking

/// Idle connections. The one used last is taken first, so that those too many grow old and go.
///
/// Over HTTP/1.1 nothing tells which request an answer belongs to but its place in the stream, so
/// a server that sends bytes nobody asked for can answer the next request with them. What has come
/// by then is seen when a connection is taken; what comes later is not. So a connection never
/// carries calls with different credentials: at worst, a user gets an answer of their own.
final class ConnectionPool: Sendable {
    /// What a request and a connection must agree on.
    struct Key: Sendable {
        /// Scheme and authority.
        let origin: String
        let credential: String
    }

    private let configuration: CurlTransportConfiguration
    private let state = BargingLock(State())

    init(configuration: CurlTransportConfiguration) {
        self.configuration = configuration
    }

    /// Takes the connection that was used last, of those that are as their last exchange left them.
    func take(_ key: Key) -> CurlConnection? {
        while let parked = state.withLock({ $0.take(key) }) {
            // One that is dropped here is closed behind the lock: that may write to a socket.
            if parked.expiry > .now, parked.connection.isQuiet { return parked.connection }
        }
        return nil
    }

    /// Gives back a connection, which the caller must not touch again.
    ///
    /// - Parameter serverLimit: How long the server keeps it, in seconds, where it says so.
    func put(_ connection: CurlConnection, _ key: Key, serverLimit: Double?) {
        let now = MonotonicTime.now
        // A second before: a request must not meet the server's closing.
        let lifetime = min(
            configuration.idleConnectionLifetime, serverLimit.map { $0 - 1 } ?? .infinity)
        let parked = Parked(
            credential: key.credential, connection: connection, since: now,
            expiry: now.after(lifetime))
        // What falls out is closed behind the lock: that may write to a socket.
        let dropped = state.withLock { state in
            state.put(parked, origin: key.origin, configuration: configuration)
        }
        _ = consume dropped
    }

    /// Closes the connections that have been idle too long. `put` does it too, now and then; this
    /// is for times when nothing is sent.
    func closeExpired() {
        let now = MonotonicTime.now
        let dropped = state.withLock { state in state.removeExpired(at: now) }
        _ = consume dropped
    }

    /// `@unchecked Sendable`: putting a connection here gives up the only reference to it, and the
    /// pool's lock guards it until it is taken out.
    private struct Parked: @unchecked Sendable {
        let credential: String
        let connection: CurlConnection
        let since: MonotonicTime
        let expiry: MonotonicTime
    }

    private struct State: Sendable {
        /// By origin, the longest idle first.
        private var parked: [String: [Parked]] = [:]
        private var count = 0
        private var sweptAt = MonotonicTime.now

        mutating func take(_ key: Key) -> Parked? {
            guard
                let index = parked[key.origin]?.lastIndex(where: {
                    $0.credential == key.credential
                })
            else { return nil }
            count -= 1
            return parked[key.origin]?.remove(at: index)
        }

        mutating func put(
            _ new: Parked, origin: String, configuration: CurlTransportConfiguration
        ) -> [Parked] {
            var dropped: [Parked] = []
            if sweptAt.after(1) < new.since {
                sweptAt = new.since
                dropped = removeExpired(at: new.since)
            }
            parked[origin, default: []].append(new)
            count += 1
            if parked[origin, default: []].count > configuration.idleConnectionsPerOrigin {
                dropped.append(contentsOf: removeFirst(of: origin))
            } else if count > configuration.idleConnections {
                dropped.append(contentsOf: removeFirst(of: originIdleLongest ?? origin))
            }
            return dropped
        }

        private var originIdleLongest: String? {
            parked.compactMap { origin, list in list.first.map { (origin, $0.since) } }
                .min { $0.1 < $1.1 }?.0
        }

        private mutating func removeFirst(of origin: String) -> [Parked] {
            guard var list = parked[origin], !list.isEmpty else { return [] }
            count -= 1
            let first = list.removeFirst()
            parked[origin] = list.isEmpty ? nil : list
            return [first]
        }

        mutating func removeExpired(at now: MonotonicTime) -> [Parked] {
            let old = parked.values.flatMap { $0.filter { $0.expiry <= now } }
            parked = parked.compactMapValues { list in
                let young = list.filter { $0.expiry > now }
                return young.isEmpty ? nil : young
            }
            count -= old.count
            return old
        }
    }
}
