import Locking

/// Idle handles, each with the connection of its last request, by origin. The one used last is
/// taken first, so that those too many grow old and go.
final class CurlHandlePool: Sendable {
    private let configuration: CurlTransportConfiguration
    private let state = BargingLock(State())

    init(configuration: CurlTransportConfiguration) {
        self.configuration = configuration
    }

    /// Takes the handle that was used last for the origin out of the pool.
    func take(origin: String) -> CurlHandle? {
        let oldest = MonotonicTime.now.before(configuration.idleConnectionLifetime)
        // One that is too old is closed behind the lock: that may write to a socket.
        let last = state.withLock { state in state.take(origin: origin) }
        return last.flatMap { $0.since > oldest ? $0.handle : nil }
    }

    /// Gives back a handle, which the caller must not touch again.
    func put(_ handle: CurlHandle, origin: String) {
        let now = MonotonicTime.now
        let parked = Parked(handle: handle, since: now)
        // What falls out is closed behind the lock: that may write to a socket.
        let dropped = state.withLock { state in
            state.put(parked, origin: origin, configuration: configuration)
        }
        _ = consume dropped
    }

    /// Closes the connections that have been idle too long. `put` does it too, now and then; this
    /// is for times when nothing is sent.
    func closeExpired() {
        let oldest = MonotonicTime.now.before(configuration.idleConnectionLifetime)
        let dropped = state.withLock { state in state.removeAll(usedBefore: oldest) }
        _ = consume dropped
    }

    /// `@unchecked Sendable`: whoever puts a handle here gives up his only reference, and the
    /// pool's lock guards it until somebody takes it out.
    private struct Parked: @unchecked Sendable {
        let handle: CurlHandle
        let since: MonotonicTime
    }

    private struct State: Sendable {
        /// By origin, the longest idle first.
        private var parked: [String: [Parked]] = [:]
        private var count = 0
        private var sweptAt = MonotonicTime.now

        mutating func take(origin: String) -> Parked? {
            guard let last = parked[origin]?.popLast() else { return nil }
            count -= 1
            return last
        }

        mutating func put(
            _ new: Parked, origin: String, configuration: CurlTransportConfiguration
        ) -> [Parked] {
            var dropped: [Parked] = []
            if sweptAt.after(1) < new.since {
                sweptAt = new.since
                let oldest = new.since.before(configuration.idleConnectionLifetime)
                dropped = removeAll(usedBefore: oldest)
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

        mutating func removeAll(usedBefore oldest: MonotonicTime) -> [Parked] {
            let old = parked.values.flatMap { $0.prefix { $0.since <= oldest } }
            parked = parked.compactMapValues { list in
                let young = list.drop { $0.since <= oldest }
                return young.isEmpty ? nil : Array(young)
            }
            count -= old.count
            return old
        }
    }
}
