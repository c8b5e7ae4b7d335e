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
        var loads: [IntegrationLoad] = []
        /// The positions of the loads, by the integrations' ids.
        private var positions: [String: Int] = [:]
        /// The number of calls under way through all integrations.
        var inFlight = 0

        /// Returns the position of an integration's load, which it keeps.
        mutating func position(of integrationID: String, now: Int64) -> Int {
            if let known = positions[integrationID] { return known }
            loads.append(IntegrationLoad(now: now))
            positions[integrationID] = loads.count - 1
            return loads.count - 1
        }
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
        let result: Result<Int, CallRefusal> = state.withLock { state in
            let load = state.position(of: integration.id, now: now)
            if let refusal = shareRefusal(load, userID: userID, state) { return .failure(refusal) }
            if let refusal = state.loads[load].enter(limits, by: userID, now: now) {
                return .failure(refusal)
            }
            state.inFlight += 1
            return .success(load)
        }
        switch result {
        case .success(let load):
            return CallPermit(for: integration, of: userID, load: load, from: self)
        case .failure(let refusal):
            counters.count(.callRefused)
            throw refusal
        }
    }

    /// Whether the shares of the workers are used up.
    private func shareRefusal(_ load: Int, userID: String, _ state: State) -> CallRefusal? {
        let held = state.loads[load].inFlight
        let others = state.inFlight - held
        guard share.hasRoom(held: held, byOthers: others) else { return CallRefusal(.saturated) }
        let users = state.loads[load].inFlight(of: userID)
        guard share.hasRoom(heldByUser: users, byOtherUsers: held - users, byOthers: others)
        else { return CallRefusal(.userSaturated) }
        return nil
    }

    /// Counts a call out, when its permit ends.
    ///
    /// - Parameter load: The position of the integration's load.
    func leave(load: Int, userID: String) {
        state.withLock { state in
            state.loads[load].leave(userID)
            state.inFlight -= 1
        }
    }

    /// Whether a call may be sent once more, as far as limits and the retry budget go.
    ///
    /// - Parameter load: The position of the integration's load.
    func mayRetry(_ integration: Integration, load: Int) -> Bool {
        let now = clock.uptime
        return state.withLock { state in
            state.loads[load].mayRetry(integration.definition.limits, now: now)
        }
    }

    /// The number of calls that are under way through all integrations.
    package var inFlight: Int {
        state.withLock { $0.inFlight }
    }
}
