import Locking

/// How fast grants are revoked at an integration's provider: what many users gave up at once, or one
/// user over months, reaches it one after the other.
final class RevocationPace: Sendable {
    /// Grants a second, each of which is a request for each of its tokens.
    private static let perSecond = 10.0
    private static let atOnce = 10.0

    /// By the integration's id.
    private let buckets = BargingLock<[String: TokenBucket]>([:])
    private let clock: Clock

    init(clock: Clock) {
        self.clock = clock
    }

    /// The integrations whose providers have been asked enough for the moment.
    var resting: Set<String> {
        let now = clock.uptime
        return buckets.withLock { buckets in
            // A full bucket is the same as none.
            buckets = buckets.filter { $0.value.missing(now: now) > 0 }
            return Set(buckets.keys.filter { buckets[$0]?.wait(now: now) != nil })
        }
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
