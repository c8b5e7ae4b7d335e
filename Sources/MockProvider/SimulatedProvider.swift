import Synchronization

/// The provider: its state, guarded by one lock, and its surroundings.
package final class SimulatedProvider: Sendable {
    let surroundings: Surroundings
    private let state: Mutex<ProviderState>

    package init(settings: MockSettings, surroundings: Surroundings = .system) {
        self.surroundings = surroundings
        state = Mutex(ProviderState(settings: settings))
    }

    /// The present settings.
    var settings: MockSettings { state.withLock { $0.settings } }

    /// Reads or changes the state; nothing in `body` may wait.
    func withState<Result>(
        _ body: (inout sending ProviderState) throws -> sending Result
    ) rethrows -> sending Result {
        try state.withLock(body)
    }

    func count(_ event: String) {
        state.withLock { $0.count(event) }
    }

    /// Waits, in steps, until the time is over, the client is gone, or `isOver` returns true.
    ///
    /// - Returns: Whether the client is still there.
    func wait(
        milliseconds: Int, for isGone: () -> Bool, until isOver: (() -> Bool)? = nil
    ) -> Bool {
        var left = milliseconds
        while left > 0, isOver?() != true {
            if isGone() { return false }
            let step = min(left, isOver == nil ? 100 : 5)
            surroundings.wait(step)
            left -= step
        }
        return !isGone()
    }
}
