import Locking

/// What goes through each integration at this moment, and how much more may.
///
/// An integration holds no more than its share of the workers that others leave, so that a provider
/// that hangs holds up nobody else (RELIABILITY.md 5), nor do two or three; and an API is asked no
/// more often than its limits say.
package final class Traffic: Sendable {
    private struct State {
        /// By the integration's id.
        var flows: [String: Flow] = [:]
        var inFlight = 0
    }

    private let state = BargingLock(State())
    private let share: WorkerShare
    private let clock: Clock
    private let tally: Tally

    init(share: WorkerShare, clock: Clock, tally: Tally) {
        self.share = share
        self.clock = clock
        self.tally = tally
    }

    /// Lets a call through, which is counted until its ``Passage`` ends.
    ///
    /// - Throws: ``CallRefusal``.
    func enter(_ integration: Integration) throws -> Passage {
        try enter(integration, limits: integration.definition.limits)
    }

    /// Asks a provider for who connects: if it hangs, that holds a worker, too.
    ///
    /// - Throws: ``CallRefusal`` when the share is used up; what the closure throws.
    func whileConnecting<T>(_ integration: Integration, _ ask: () throws -> T) throws -> T {
        let passage = try enter(integration, limits: CallLimits())
        return try withExtendedLifetime(passage, ask)
    }

    private func enter(_ integration: Integration, limits: CallLimits) throws -> Passage {
        let now = clock.uptime
        let refusal: CallRefusal? = state.withLock { state in
            let flow = state.flows[integration.id]?.inFlight ?? 0
            guard share.hasRoom(held: flow, byOthers: state.inFlight - flow) else {
                return CallRefusal(.saturated)
            }
            if let refusal = state.flows[integration.id, default: Flow(now: now)]
                .enter(limits, now: now)
            {
                return refusal
            }
            state.inFlight += 1
            return nil
        }
        if let refusal {
            tally.count(.callRefused)
            throw refusal
        }
        return Passage(through: integration, in: self)
    }

    fileprivate func leave(_ id: String) {
        state.withLock { state in
            state.flows[id]?.inFlight -= 1
            state.inFlight -= 1
        }
    }

    fileprivate func mayRetry(_ integration: Integration) -> Bool {
        let now = clock.uptime
        let limits = integration.definition.limits
        return state.withLock { state in
            state.flows[integration.id]?.mayRetry(limits, now: now) ?? false
        }
    }

    /// How many calls are under way through all integrations.
    package var inFlight: Int {
        state.withLock { $0.inFlight }
    }
}

/// A call's right to be under way; it ends with the object.
final class Passage: Sendable {
    private let integration: Integration
    private let traffic: Traffic

    fileprivate init(through integration: Integration, in traffic: Traffic) {
        self.integration = integration
        self.traffic = traffic
    }

    deinit {
        traffic.leave(integration.id)
    }

    /// Whether the call may be sent once more, as far as limits and the budget for that go.
    func mayRetry() -> Bool {
        traffic.mayRetry(integration)
    }
}

/// One integration's traffic.
private struct Flow {
    /// What is saved up for retries at most, and what there is at first.
    private static let savedRetries = 10.0

    var inFlight = 0
    /// A tenth of the calls may be retries, and one a second beside that: else an API that is
    /// seldom called would never be called again.
    private var retries: TokenBucket
    private var rate: TokenBucket?

    init(now: Int64) {
        retries = TokenBucket(perSecond: 1, capacity: Self.savedRetries, now: now)
    }

    mutating func enter(_ limits: CallLimits, now: Int64) -> CallRefusal? {
        if let concurrent = limits.concurrent, inFlight >= concurrent {
            return CallRefusal(.concurrency)
        }
        if let wait = take(limits, now: now) { return CallRefusal(.rate, after: wait) }
        inFlight += 1
        retries.add(0.1)
        return nil
    }

    mutating func mayRetry(_ limits: CallLimits, now: Int64) -> Bool {
        retries.take(now: now) == nil && take(limits, now: now) == nil
    }

    /// - Returns: How long until another call may be sent, in seconds; `nil` when it may now.
    private mutating func take(_ limits: CallLimits, now: Int64) -> Double? {
        guard let perSecond = limits.requestsPerSecond else { return nil }
        let capacity = Double(limits.burst ?? max(1, Int(perSecond.rounded(.up))))
        if rate?.hasLimit(perSecond: perSecond, capacity: capacity) != true {
            rate = TokenBucket(perSecond: perSecond, capacity: capacity, now: now)
        }
        return rate?.take(now: now)
    }
}
