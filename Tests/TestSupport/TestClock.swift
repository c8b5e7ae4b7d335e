import Encoding
import Primitives
import Synchronization

/// A clock that a test moves.
package final class TestClock: Sendable {
    private struct Reading {
        var seconds: Int64
        var uptime: Int64 = 1_000_000
        var waits: [Double] = []
        var isWaitedFor = true
    }

    private let reading: Mutex<Reading>

    /// - Parameter seconds: The seconds since 1970; by default 2024-02-09T10:00:00Z.
    package init(_ seconds: Int64 = 1_707_472_800) {
        reading = Mutex(Reading(seconds: seconds))
    }

    package var clock: Clock {
        Clock {
            self.now
        } uptime: {
            self.reading.withLock { $0.uptime }
        } waiting: { duration, _ in
            self.reading.withLock {
                $0.waits.append(duration / .seconds(1))
                $0.uptime += Int64(duration.inMilliseconds)
                return !$0.isWaitedFor
            }
        }
    }

    /// The seconds of each wait: the clock moves on at once, so that the test does not wait.
    package var waits: [Double] { reading.withLock { $0.waits } }

    /// Lets the caller who waits for an answer leave: waits report that from now on.
    package func leave() {
        reading.withLock { $0.isWaitedFor = false }
    }

    package var now: Timestamp { Timestamp(seconds: reading.withLock { $0.seconds }) }

    /// Moves both clocks on.
    package func advance(by seconds: Int64) {
        reading.withLock {
            $0.seconds += seconds
            $0.uptime += seconds * 1000
        }
    }

    /// Sets the calendar's clock forward or back, as an administrator does.
    package func set(by seconds: Int64) {
        reading.withLock { $0.seconds += seconds }
    }
}
