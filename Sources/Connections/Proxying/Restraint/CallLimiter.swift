import Locking

/// Lets calls through, as many as there may be.
///
/// An integration holds no more than its share of the workers that others leave, so that a provider
/// that hangs holds up nobody else (RELIABILITY.md 5), nor do two or three; and an API is asked no
/// more often than its limits say.
package final class CallLimiter: Sendable {
    private struct State {
        /// By the integration's id.
        var loads: [String: IntegrationLoad] = [:]
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

    /// Lets a call through, which is counted until its ``CallPermit`` ends.
    ///
    /// - Throws: ``CallRefusal``.
    func enter(_ integration: Integration) throws -> CallPermit {
        try enter(integration, limits: integration.definition.limits)
    }

    /// Asks a provider for who connects: if it hangs, that holds a worker, too.
    ///
    /// - Throws: ``CallRefusal`` when the share is used up; what the closure throws.
    func whileConnecting<T>(_ integration: Integration, _ ask: () throws -> T) throws -> T {
        let permit = try enter(integration, limits: CallLimits())
        return try withExtendedLifetime(permit, ask)
    }

    private func enter(_ integration: Integration, limits: CallLimits) throws -> CallPermit {
        let now = clock.uptime
        let refusal: CallRefusal? = state.withLock { state in
            let held = state.loads[integration.id]?.inFlight ?? 0
            guard share.hasRoom(held: held, byOthers: state.inFlight - held) else {
                return CallRefusal(.saturated)
            }
            let refusal = state.loads[integration.id, default: IntegrationLoad(now: now)]
                .enter(limits, now: now)
            if refusal == nil { state.inFlight += 1 }
            return refusal
        }
        if let refusal {
            tally.count(.callRefused)
            throw refusal
        }
        return CallPermit(for: integration, from: self)
    }

    /// Called when a permit ends.
    func leave(_ id: String) {
        state.withLock { state in
            state.loads[id]?.inFlight -= 1
            state.inFlight -= 1
        }
    }

    /// Whether a call may be sent once more, as far as limits and the retry budget go.
    func mayRetry(_ integration: Integration) -> Bool {
        let now = clock.uptime
        let limits = integration.definition.limits
        return state.withLock { state in
            state.loads[integration.id]?.mayRetry(limits, now: now) ?? false
        }
    }

    /// How many calls are under way through all integrations.
    package var inFlight: Int {
        state.withLock { $0.inFlight }
    }
}
