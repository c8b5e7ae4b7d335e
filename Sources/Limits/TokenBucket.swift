/// So much a second, and so much at once after a pause.
package struct TokenBucket {
    private let perSecond: Double
    private let capacity: Double
    private var tokens: Double
    /// When it was last filled, in milliseconds of uptime.
    private var filledAt: Int64

    /// A full one.
    package init(perSecond: Double, capacity: Double, now: Int64) {
        self.perSecond = perSecond
        self.capacity = capacity
        tokens = capacity
        filledAt = now
    }

    /// How long it takes until there is a token, in seconds; `nil` when there is one.
    package mutating func wait(now: Int64) -> Double? {
        tokens = capacity - missing(now: now)
        filledAt = now
        return tokens < 1 ? (1 - tokens) / perSecond : nil
    }

    /// How much it lacks to be full.
    package func missing(now: Int64) -> Double {
        capacity - min(capacity, tokens + Double(now - filledAt) / 1000 * perSecond)
    }

    /// Takes one, which must be there.
    package mutating func take() {
        tokens -= 1
    }

    /// Puts in more than time does.
    mutating func add(_ count: Double) {
        tokens = min(capacity, tokens + count)
    }

    /// Whether this is the bucket of that limit.
    func hasLimit(perSecond: Double, capacity: Double) -> Bool {
        self.perSecond == perSecond && self.capacity == capacity
    }
}
