import Integrations
import Locking

/// How often one user connects one integration: each time the provider may be asked, and what was
/// connected before has to be revoked some day.
package final class ConnectRate: Sendable {
    private static let perSecond = 0.5
    private static let atOnce = 60.0
    /// How many buckets are kept; when there are more, those go that are full.
    private static let most = 1_000

    private struct Key: Hashable {
        let integrationID: String
        let userID: String
    }

    private let buckets = BargingLock<[Key: TokenBucket]>([:])

    /// Counts one more.
    ///
    /// - Parameter now: In milliseconds of uptime.
    /// - Returns: How long to wait first, in seconds, in which case nothing was counted; `nil` when
    ///   it may be now.
    func take(_ integration: Integration, _ userID: String, now: Int64) -> Double? {
        let key = Key(integrationID: integration.id, userID: userID)
        return buckets.withLock { buckets in
            if buckets.count >= Self.most, buckets[key] == nil {
                buckets = buckets.filter { $0.value.missing(now: now) > 0 }
            }
            var bucket =
                buckets[key]
                ?? TokenBucket(perSecond: Self.perSecond, capacity: Self.atOnce, now: now)
            let wait = bucket.wait(now: now)
            if wait == nil { bucket.take() }
            buckets[key] = bucket
            return wait
        }
    }
}
