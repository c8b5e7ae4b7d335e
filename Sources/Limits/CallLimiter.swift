import Integrations
import Locking
import Primitives

/// Admits calls, up to the limits.
///
/// An integration holds no more than its share of the workers that others leave, so that a provider
/// that hangs holds up no others (RELIABILITY 5), nor do two or three; a user holds no more than a
/// share of that; and an API is called no more often than its limits say.
package final class CallLimiter: Sendable {
    private struct State {
        /// The loads, by the integrations' ids.
        var loads: [String: IntegrationLoad] = [:]
        var inFlight = 0
    }

    private let state = BargingLock(State())
    private let connects = ConnectRate()
    private let share: WorkerShare
    private let clock: Clock
    private let counters: EventCounters

    package init(share: WorkerShare, clock: Clock, counters: EventCounters) {
        self.share = share
        self.clock = clock
        self.counters = counters
    }

    /// Admits a call, which is counted until its ``CallPermit`` ends.
    ///
    /// - Throws: ``CallRefusal``.
    package func enter(_ integration: Integration, by caller: Caller) throws -> CallPermit {
        try enter(integration, caller, limits: integration.definition.limits)
    }

    /// Asks a provider for a caller who connects, unless that happens too often: a provider that
    /// hangs holds a worker, too.
    ///
    /// - Throws: ``CallRefusal`` when the share is used up; the errors of the closure.
    package func whileConnecting<T>(
        _ integration: Integration, by caller: Caller, _ ask: () throws -> T
    ) throws -> T {
        let permit = try enter(integration, caller, limits: CallLimits())
        if let wait = connects.take(integration, caller.userID, now: clock.uptime) {
            counters.count(.callRefused)
            throw CallRefusal(.connects, after: wait)
        }
        return try withExtendedLifetime(permit, ask)
    }

    /// Admits a request that waits for another one's answer from a provider: it holds a worker just
    /// as that one does.
    ///
    /// - Throws: ``CallRefusal``.
    package func enterWaiting(_ integration: Integration, by caller: Caller) throws -> CallPermit {
        try enter(integration, caller, limits: CallLimits())
    }

    private func enter(
        _ integration: Integration, _ caller: Caller, limits: CallLimits
    ) throws -> CallPermit {
        let now = clock.uptime
        let userID = caller.userID
        let refusal: CallRefusal? = state.withLock { state in
            if let refusal = shareRefusal(integration.id, userID: userID, state) { return refusal }
            let refusal = state.loads[integration.id, default: IntegrationLoad(now: now)]
                .enter(limits, by: userID, now: now)
            if refusal == nil { state.inFlight += 1 }
            return refusal
        }
        if let refusal {
            counters.count(.callRefused)
            throw refusal
        }
        return CallPermit(for: integration, of: userID, from: self)
    }

    /// Whether the shares of the workers are used up.
    private func shareRefusal(
        _ integrationID: String, userID: String, _ state: State
    ) -> CallRefusal? {
        let load = state.loads[integrationID]
        let held = load?.inFlight ?? 0
        let users = load?.inFlight(of: userID) ?? 0
        let others = state.inFlight - held
        guard share.hasRoom(held: held, byOthers: others) else { return CallRefusal(.saturated) }
        guard share.hasRoom(heldByUser: users, byOtherUsers: held - users, byOthers: others)
        else { return CallRefusal(.userSaturated) }
        return nil
    }

    /// Counts a call out, when its permit ends.
    func leave(_ integrationID: String, userID: String) {
        state.withLock { state in
            state.loads[integrationID]?.leave(userID)
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

    /// The number of calls that are under way through all integrations.
    package var inFlight: Int {
        state.withLock { $0.inFlight }
    }
}
