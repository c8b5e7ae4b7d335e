import Addressing
import Limits
import Locking
import Primitives

/// Leaves hosts alone to which no connection can be made: after 5 failures in a row nothing is sent
/// there for 5 seconds, then one call may try, the probe; if that fails, too, the pause doubles, up
/// to a minute.
package final class CircuitBreaker: Sendable {
    private static let tolerated = 5
    private static let shortestPause: Int64 = 5_000
    private static let longestPause: Int64 = 60_000
    /// The most hosts that are remembered; only those with a failure are.
    private static let mostHosts = 10_000

    private struct Trouble {
        var failures = 0
        var pauses: Int64 = 0
        /// The time until which it is left alone, in milliseconds of uptime.
        var until: Int64 = 0
        var isProbed = false
    }

    private let troubles = BargingLock<[Origin: Trouble]>([:])
    private let clock: Clock

    init(clock: Clock) {
        self.clock = clock
    }

    /// The permission for an attempt.
    package enum Admission {
        /// Nothing is wrong with the host.
        case free
        /// A connection to it failed lately: the first one that is established has to be noted at
        /// once.
        case watched
        /// The same, and other calls wait for the outcome.
        case probe
    }

    /// The outcome of an attempt.
    package enum Outcome {
        case connected
        case notConnected
        /// It ended before that was known.
        case unknown
    }

    /// Asks for permission before an attempt; ``note(_:_:as:)`` has to follow.
    ///
    /// - Throws: ``CallRefusal`` while the host is left alone.
    func admit(_ origin: Origin) throws(CallRefusal) -> Admission {
        let verdict: Result<Admission, CallRefusal> = troubles.withLock { troubles in
            guard !troubles.isEmpty, let trouble = troubles[origin] else { return .success(.free) }
            guard trouble.failures >= Self.tolerated else { return .success(.watched) }
            let now = clock.uptime
            guard trouble.until <= now, !trouble.isProbed else {
                return .failure(
                    CallRefusal(.breaker, after: Double(trouble.until - now) / 1000))
            }
            troubles[origin]?.isProbed = true
            return .success(.probe)
        }
        return try verdict.get()
    }

    /// Whether a call that failed once may be sent there again; the probe is for the next call.
    func isClosed(_ origin: Origin) -> Bool {
        troubles.withLock { $0.isEmpty || ($0[origin]?.failures ?? 0) < Self.tolerated }
    }

    func note(_ outcome: Outcome, _ origin: Origin, as admission: Admission) {
        troubles.withLock { troubles in
            switch outcome {
            case .connected:
                if !troubles.isEmpty { troubles[origin] = nil }
            case .notConnected:
                if troubles.count >= Self.mostHosts { troubles.removeAll() }
                Self.fail(&troubles[origin, default: Trouble()], as: admission, now: clock.uptime)
            case .unknown:
                if admission == .probe { troubles[origin]?.isProbed = false }
            }
        }
    }

    private static func fail(_ trouble: inout Trouble, as admission: Admission, now: Int64) {
        trouble.failures += 1
        if admission == .probe { trouble.isProbed = false }
        // Late failures of calls that began before the pause do not lengthen it.
        guard trouble.failures == tolerated || admission == .probe else { return }
        let pause = min(longestPause, shortestPause << min(trouble.pauses, 8))
        trouble.pauses += 1
        trouble.until = now + pause
    }
}
