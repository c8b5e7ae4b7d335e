import Integrations
import Locking

/// The rate at which one user connects one integration: each time the provider may be asked, and
/// the former connection has to be revoked one day.
package final class ConnectRate: Sendable {
    private static let perSecond = 0.5
    private static let atOnce = 60.0
    /// The most buckets that are kept; when there are more, the full ones are dropped.
    private static let most = 1_000

    private struct Key: Hashable {
        let integrationID: String
        let userID: String
    }

    private let buckets = BargingLock<[Key: TokenBucket]>([:])

    /// Counts a connection.
    ///
    /// - Parameter now: In milliseconds of uptime.
    /// - Returns: The seconds to wait first, in which case nothing was counted; `nil` when there is
    ///   no need to wait.
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
