import Limits
import Locking
import Primitives

/// The pace at which grants are revoked at an integration's provider: the grants that many users
/// gave up at once, or one user over months, reach it one after the other.
package final class RevocationPace: Sendable {
    /// The grants per second; each of them takes a request for each of its tokens.
    private static let perSecond = 10.0
    private static let atOnce = 10.0
    /// The longest pause that a provider is granted, in seconds.
    private static let longestRest: Int64 = 3600

    /// The buckets, by the integrations' ids.
    private let buckets = BargingLock<[String: TokenBucket]>([:])
    /// The times, on the uptime's clock, until which providers are left alone that asked for it.
    private let rests = BargingLock<[String: Int64]>([:])
    private let clock: Clock

    init(clock: Clock) {
        self.clock = clock
    }

    /// The integrations whose providers have been asked enough for now.
    var resting: Set<String> {
        let now = clock.uptime
        let asked = buckets.withLock { buckets in
            // A full bucket is the same as none.
            buckets = buckets.filter { $0.value.missing(now: now) > 0 }
            return Set(buckets.keys.filter { buckets[$0]?.wait(now: now) != nil })
        }
        let left = rests.withLock { rests in
            rests = rests.filter { $0.value > now }
            return Set(rests.keys)
        }
        return asked.union(left)
    }

    /// Leaves a provider alone that asks for it.
    func rest(_ integrationID: String, seconds: Int64) {
        let until = clock.uptime + min(seconds, Self.longestRest) * 1000
        rests.withLock { $0[integrationID] = max($0[integrationID] ?? 0, until) }
    }

    /// Counts a grant.
    func count(_ integrationID: String) {
        let now = clock.uptime
        buckets.withLock { buckets in
            let new = TokenBucket(perSecond: Self.perSecond, capacity: Self.atOnce, now: now)
            buckets[integrationID, default: new].take()
        }
    }
}
