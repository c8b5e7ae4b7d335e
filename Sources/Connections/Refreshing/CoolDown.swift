import Primitives
import Synchronization

/// Pauses that grow: after a provider failed to refresh a connection's token, it is left alone
/// for 1, 2, 4 … 60 seconds, and for as long as it asks for.
package final class CoolDown: Sendable {
    private static let longest: Int64 = 60
    /// The longest pause that a provider is granted, in seconds.
    private static let longestAsked: Int64 = 3600

    /// The rest of a pause.
    package struct Rest {
        let seconds: Int64
        /// Whether the provider has asked for it.
        let isAsked: Bool

        /// The error of a call that would have to ask.
        var error: ConnectionsError {
            isAsked
                ? .providerBusy(retryAfter: seconds) : .providerCoolingDown(retryAfter: seconds)
        }
    }

    private struct Pause {
        var failures = 0
        var length: Int64 = 0
        var isAsked = false
        var until = Timestamp(seconds: 0)

        func rest(now: Timestamp) -> Rest? {
            guard now < until else { return nil }
            // A clock that was set back must not make the pause longer than it ever is.
            return until - now <= length ? Rest(seconds: until - now, isAsked: isAsked) : nil
        }
    }

    private let pauses = Mutex<[String: Pause]>([:])

    /// The rest of the pause; `nil` when there is none.
    func rest(_ key: String, now: Timestamp) -> Rest? {
        pauses.withLock { $0[key]?.rest(now: now) }
    }

    /// - Parameter asked: The seconds for which the provider asks.
    func noteFailure(_ key: String, now: Timestamp, asked: Int64? = nil) {
        pauses.withLock { pauses in
            var pause = pauses[key] ?? Pause()
            pause.failures = min(pause.failures + 1, 7)
            let usual = min(Self.longest, Int64(1) << (pause.failures - 1))
            let length = max(usual, min(asked ?? 0, Self.longestAsked))
            // Of two at once, the longer counts.
            if (pause.rest(now: now)?.seconds ?? 0) < length {
                pause.length = length
                pause.until = now + length
                pause.isAsked = asked != nil
            }
            pauses[key] = pause
        }
    }

    func noteSuccess(_ key: String) {
        pauses.withLock { $0[key] = nil }
    }
}
