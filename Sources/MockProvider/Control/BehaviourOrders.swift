import Encoding

/// The orders `/control/fail`, `release`, `decide`, `settings` and `reset`.
enum BehaviourOrders {
    static func fail(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        state.failures.append(try FailureOrder.read(body))
        return ["pending": .integer(state.failures.count)]
    }

    /// Cancels the failures that have not happened yet.
    static func stopFailing(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        state.failures = []
        return [:]
    }

    /// Sends the answers that are held.
    static func release(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        try body.refuseMembers(except: [])
        state.releases += 1
        return [:]
    }

    /// Decides the next authorization requests: `{"decision": "deny", "user"?, "count"?}`.
    static func decide(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        try body.refuseMembers(except: ["decision", "user", "error", "count"])
        let decision = try body.text("decision") ?? "approve"
        guard decision == "approve" || decision == "deny" else {
            throw ControlError("decision must be approve or deny")
        }
        let user = try body.text("user")
        if let user, !state.settings.users.contains(user) {
            throw ControlError("there is no user \(user)")
        }
        let error = try body.text("error")
        guard error == nil || decision == "deny" else {
            throw ControlError("error goes with the decision deny")
        }
        let count = try body.number("count", in: 1...100_000) ?? 1
        let next = Decision(
            isApproved: decision == "approve", user: user, error: error ?? "access_denied")
        state.decisions += Array(repeating: next, count: count)
        return ["pending": .integer(state.decisions.count)]
    }

    static func settings(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        state.settings.json
    }

    /// Applies all members of the change, or none.
    static func changeSettings(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        var changed = state.settings
        try changed.change(body)
        state.settings = changed
        return changed.json
    }

    /// Resets settings, counters and failures to the start; grants and their tokens stay.
    static func reset(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        state.settings = state.initialSettings
        state.failures = []
        state.releases += 1
        state.decisions = []
        state.counters = [:]
        state.rateLimited = [:]
        state.seen = SeenRequests()
        state.disguise = nil
        return [:]
    }
}
