/// So much a second, and so much at once after a pause.
struct TokenBucket {
    private let perSecond: Double
    private let capacity: Double
    private var tokens: Double
    /// When it was last filled, in milliseconds of uptime.
    private var filledAt: Int64

    /// A full one.
    init(perSecond: Double, capacity: Double, now: Int64) {
        self.perSecond = perSecond
        self.capacity = capacity
        tokens = capacity
        filledAt = now
    }

    /// Takes one.
    ///
    /// - Returns: `nil` when there was one; else how long it takes until there is, in seconds.
    mutating func take(now: Int64) -> Double? {
        tokens = min(capacity, tokens + Double(now - filledAt) / 1000 * perSecond)
        filledAt = now
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return (1 - tokens) / perSecond
    }

    /// Puts in more than time does.
    mutating func add(_ count: Double) {
        tokens = min(capacity, tokens + count)
    }

    /// The same limit, so that a state under another one is not kept.
    func hasLimit(perSecond: Double, capacity: Double) -> Bool {
        self.perSecond == perSecond && self.capacity == capacity
    }
}
