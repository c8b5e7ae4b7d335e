import Connections
import Synchronization

/// A clock that a test moves.
package final class TestClock: Sendable {
    private let seconds: Mutex<Int64>

    /// - Parameter seconds: Since 1970; 2024-02-09T10:00:00Z unless said.
    package init(_ seconds: Int64 = 1_707_472_800) {
        self.seconds = Mutex(seconds)
    }

    package var clock: Clock { Clock { self.now } }

    package var now: Timestamp { Timestamp(seconds: seconds.withLock { $0 }) }

    package func advance(by interval: Int64) {
        seconds.withLock { $0 += interval }
    }
}
