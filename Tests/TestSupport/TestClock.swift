import Primitives
import Synchronization

/// A clock that a test moves.
package final class TestClock: Sendable {
    private struct Reading {
        var seconds: Int64
        var uptime: Int64 = 1_000_000
        var waits: [Double] = []
        var somebodyWaits = true
    }

    private let reading: Mutex<Reading>

    /// - Parameter seconds: Since 1970; 2024-02-09T10:00:00Z unless said.
    package init(_ seconds: Int64 = 1_707_472_800) {
        reading = Mutex(Reading(seconds: seconds))
    }

    package var clock: Clock {
        Clock {
            self.now
        } uptime: {
            self.reading.withLock { $0.uptime }
        } waiting: { seconds, _ in
            self.reading.withLock {
                $0.waits.append(seconds)
                $0.uptime += Int64(seconds * 1000)
                return !$0.somebodyWaits
            }
        }
    }

    /// How long it was waited, wait by wait: no time of the test's went by.
    package var waits: [Double] { reading.withLock { $0.waits } }

    /// Whoever waits for an answer goes away.
    package func leave() {
        reading.withLock { $0.somebodyWaits = false }
    }

    package var now: Timestamp { Timestamp(seconds: reading.withLock { $0.seconds }) }

    /// Time goes by.
    package func advance(by seconds: Int64) {
        reading.withLock {
            $0.seconds += seconds
            $0.uptime += seconds * 1000
        }
    }

    /// Somebody sets the calendar's clock, forward or back.
    package func set(by seconds: Int64) {
        reading.withLock { $0.seconds += seconds }
    }
}
