import Encoding

/// The orders `GET` and `DELETE /control/counters`, `GET` and `DELETE /control/requests`.
enum CounterOrders {
    static func counters(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        .object(state.counters.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
    }

    static func resetCounters(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        state.counters = [:]
        return [:]
    }

    static func requests(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        ["requests": .array(state.seen.all.map(\.json))]
    }

    static func forgetRequests(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        state.seen = SeenRequests()
        return [:]
    }
}
