import Integrations

/// How much is asked of one integration's API.
package struct IntegrationLoad {
    /// The retries that are saved up at most, and that there are at first.
    private static let savedRetries = 10.0

    /// Calls under way.
    private(set) var inFlight = 0
    /// Those of each user who has any.
    private var inFlightByUser: [String: Int] = [:]
    /// A tenth of the calls may be retries, and one a second beside that: else an API that is
    /// seldom called would never be called again.
    private var retryBudget: TokenBucket
    private var rate: TokenBucket?

    init(now: Int64) {
        retryBudget = TokenBucket(perSecond: 1, capacity: Self.savedRetries, now: now)
    }

    /// How many of the calls under way are a user's.
    func inFlight(of userID: String) -> Int {
        inFlightByUser[userID] ?? 0
    }

    /// Counts a call in, unless it must not be made.
    mutating func enter(_ limits: CallLimits, by userID: String, now: Int64) -> CallRefusal? {
        if let concurrent = limits.concurrent, inFlight >= concurrent {
            return CallRefusal(.concurrency)
        }
        if let wait = timeUntilNext(limits, now: now) { return CallRefusal(.rate, after: wait) }
        rate?.take()
        inFlight += 1
        inFlightByUser[userID, default: 0] += 1
        retryBudget.add(0.1)
        return nil
    }

    /// Counts a call out.
    mutating func leave(_ userID: String) {
        inFlight -= 1
        let left = inFlight(of: userID) - 1
        inFlightByUser[userID] = left > 0 ? left : nil
    }

    /// Counts a retry, unless it must not be made.
    mutating func mayRetry(_ limits: CallLimits, now: Int64) -> Bool {
        guard timeUntilNext(limits, now: now) == nil, retryBudget.wait(now: now) == nil else {
            return false
        }
        rate?.take()
        retryBudget.take()
        return true
    }

    /// How long until another call may be sent, in seconds; `nil` when it may now.
    private mutating func timeUntilNext(_ limits: CallLimits, now: Int64) -> Double? {
        guard let perSecond = limits.requestsPerSecond else {
            rate = nil
            return nil
        }
        let capacity = Double(limits.burst ?? max(1, Int(perSecond.rounded(.up))))
        if rate?.hasLimit(perSecond: perSecond, capacity: capacity) != true {
            rate = TokenBucket(perSecond: perSecond, capacity: capacity, now: now)
        }
        return rate?.wait(now: now)
    }
}
