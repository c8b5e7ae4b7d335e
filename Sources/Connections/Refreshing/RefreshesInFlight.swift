import Foundation
import Synchronization

/// The number of requests for tokens under way: a process that is told to stop waits for them, or
/// the tokens that they bring would be lost.
package final class RefreshesInFlight: Sendable {
    private let number = Atomic(0)
    /// The longest time that one can take, storing included.
    let longest: Duration

    init(longest: Duration) {
        self.longest = longest
    }

    func count<T>(_ body: () throws -> T) rethrows -> T {
        number.add(1, ordering: .sequentiallyConsistent)
        defer { number.subtract(1, ordering: .sequentiallyConsistent) }
        return try body()
    }

    /// Waits until there is none, at most as long as one can take.
    package func awaitEnd() {
        let limit = ContinuousClock.now + longest
        while number.load(ordering: .sequentiallyConsistent) > 0, ContinuousClock.now < limit {
            Thread.sleep(forTimeInterval: 0.01)
        }
    }
}
