/// A rate: a number of tokens a second, and a number at once after a pause.
package struct TokenBucket {
    private let perSecond: Double
    private let capacity: Double
    private var tokens: Double
    /// The time when it was last filled, in milliseconds of uptime.
    private var filledAt: Int64

    /// Makes a full bucket.
    package init(perSecond: Double, capacity: Double, now: Int64) {
        self.perSecond = perSecond
        self.capacity = capacity
        tokens = capacity
        filledAt = now
    }

    /// Returns the seconds until there is a token; `nil` when there is one.
    package mutating func wait(now: Int64) -> Double? {
        tokens = capacity - missing(now: now)
        filledAt = now
        return tokens < 1 ? (1 - tokens) / perSecond : nil
    }

    /// Returns the number of tokens that are missing until it is full.
    package func missing(now: Int64) -> Double {
        capacity - min(capacity, tokens + Double(now - filledAt) / 1000 * perSecond)
    }

    /// Takes a token, which must be there.
    package mutating func take() {
        tokens -= 1
    }

    /// Adds tokens, beyond those that come with time.
    mutating func add(_ count: Double) {
        tokens = min(capacity, tokens + count)
    }

    /// Whether this bucket has that limit.
    func hasLimit(perSecond: Double, capacity: Double) -> Bool {
        self.perSecond == perSecond && self.capacity == capacity
    }
}
