import Synchronization

/// Pauses that grow: after a provider failed to refresh a connection's token, it is left alone
/// for 1, 2, 4 … 60 seconds.
final class CoolDown: Sendable {
    private static let longest: Int64 = 60

    private struct Pause {
        var failures = 0
        var until = Timestamp(seconds: 0)
    }

    private let pauses = Mutex<[String: Pause]>([:])

    /// How long the pause still is, in seconds; `nil` when there is none.
    func remaining(_ key: String, now: Timestamp) -> Int64? {
        pauses.withLock { pauses in
            guard let pause = pauses[key], now < pause.until else { return nil }
            // A clock that was set back must not make the pause longer than it ever is.
            return pause.until - now <= Self.longest ? pause.until - now : nil
        }
    }

    func noteFailure(_ key: String, now: Timestamp) {
        pauses.withLock { pauses in
            let failures = min((pauses[key]?.failures ?? 0) + 1, 7)
            pauses[key] = Pause(
                failures: failures, until: now + min(Self.longest, Int64(1) << (failures - 1)))
        }
    }

    func noteSuccess(_ key: String) {
        pauses.withLock { $0[key] = nil }
    }
}
