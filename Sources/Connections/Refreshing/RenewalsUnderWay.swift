import Foundation
import Synchronization

/// How many requests for tokens are under way: a process that is told to stop waits for them, or
/// what they bring would be lost.
final class RenewalsUnderWay: Sendable {
    private let number = Atomic(0)
    /// How long one can take, storing included, in seconds.
    let longest: Double

    init(longest: Double) {
        self.longest = longest
    }

    func count<T>(_ body: () throws -> T) rethrows -> T {
        number.add(1, ordering: .sequentiallyConsistent)
        defer { number.subtract(1, ordering: .sequentiallyConsistent) }
        return try body()
    }

    /// Waits until there is none, or until that moment of the clock that nobody sets.
    func awaitEnd(until limit: DispatchTime) {
        while number.load(ordering: .sequentiallyConsistent) > 0, DispatchTime.now() < limit {
            Thread.sleep(forTimeInterval: 0.01)
        }
    }
}
