import Integrations

/// The calls to one integration's API, as they are counted for its limits.
struct IntegrationLoad {
    /// The most retries that are saved up; also the number at first.
    private static let savedRetries = 10.0

    /// The number of calls under way.
    private(set) var inFlight = 0
    /// The number of calls under way of each user who has any.
    private var inFlightByUser: [String: Int] = [:]
    /// The budget for retries: a tenth of the calls, and one a second besides; otherwise calls to
    /// an API that is seldom called would never be retried.
    private var retryBudget: TokenBucket
    private var rate: TokenBucket?

    init(now: Int64) {
        retryBudget = TokenBucket(perSecond: 1, capacity: Self.savedRetries, now: now)
    }

    /// Returns the number of a user's calls under way.
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
        guard let user = inFlightByUser.index(forKey: userID) else { return }
        inFlightByUser.values[user] -= 1
        if inFlightByUser.values[user] == 0 { inFlightByUser.remove(at: user) }
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

    /// Returns the seconds until another call may be sent; `nil` when it may be sent now.
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
