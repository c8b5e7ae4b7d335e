import Locking

/// Leaves hosts alone to which no connection can be made: after 5 failures in a row nothing is sent
/// there for 5 seconds, then one call may try; each failure doubles the pause, up to a minute.
final class Breaker: Sendable {
    private static let tolerated = 5
    private static let shortestPause: Int64 = 5_000
    private static let longestPause: Int64 = 60_000
    /// Hosts that are remembered; there are only those with a failure among them.
    private static let mostHosts = 10_000

    private struct Trouble {
        var failures = 0
        var pauses = 0
        /// Until when it is left alone, in milliseconds of uptime.
        var until: Int64 = 0
        var isProbing = false
    }

    private let troubles = BargingLock<[AbsoluteURL.Origin: Trouble]>([:])
    private let clock: Clock

    init(clock: Clock) {
        self.clock = clock
    }

    /// What came of an attempt.
    enum Outcome {
        case connected
        case notConnected
        /// It ended before that was known.
        case unknown
    }

    /// Asks before an attempt; ``note(_:_:)`` has to follow.
    ///
    /// - Returns: How long to leave the host alone, in seconds; `nil` when it may be called.
    func pause(_ origin: AbsoluteURL.Origin) -> Double? {
        troubles.withLock { troubles in
            guard !troubles.isEmpty, var trouble = troubles[origin],
                trouble.failures >= Self.tolerated
            else { return nil }
            let left = trouble.until - clock.uptime
            guard left <= 0, !trouble.isProbing else { return max(1, Double(left) / 1000) }
            trouble.isProbing = true
            troubles[origin] = trouble
            return nil
        }
    }

    /// Whether a call that failed once may be sent there again; the pause is for whoever comes next.
    func isClosed(_ origin: AbsoluteURL.Origin) -> Bool {
        troubles.withLock { $0.isEmpty || ($0[origin]?.failures ?? 0) < Self.tolerated }
    }

    func note(_ outcome: Outcome, _ origin: AbsoluteURL.Origin) {
        troubles.withLock { troubles in
            switch outcome {
            case .connected:
                if !troubles.isEmpty { troubles[origin] = nil }
            case .notConnected:
                if troubles.count >= Self.mostHosts { troubles.removeAll() }
                fail(&troubles[origin, default: Trouble()])
            case .unknown:
                if !troubles.isEmpty { troubles[origin]?.isProbing = false }
            }
        }
    }

    private func fail(_ trouble: inout Trouble) {
        let wasProbe = trouble.isProbing
        trouble.failures += 1
        trouble.isProbing = false
        // Late failures of calls that began before the pause do not make it longer.
        guard trouble.failures == Self.tolerated || wasProbe else { return }
        let pause = min(Self.longestPause, Self.shortestPause << min(trouble.pauses, 8))
        trouble.pauses += 1
        trouble.until = clock.uptime + pause
    }
}
