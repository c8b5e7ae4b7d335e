import FoundationEssentials
import Glibc

/// The provider's sources of time and randomness, and its way to wait. Tests pass their own.
package struct Surroundings: Sendable {
    /// Returns the present time, in milliseconds since 1970.
    package var now: @Sendable () -> Int64
    /// Returns that many random bytes.
    package var randomBytes: @Sendable (Int) -> [UInt8]
    /// Waits that many milliseconds.
    package var wait: @Sendable (Int) -> Void

    package init(
        now: @escaping @Sendable () -> Int64,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        wait: @escaping @Sendable (Int) -> Void
    ) {
        self.now = now
        self.randomBytes = randomBytes
        self.wait = wait
    }

    /// The machine's clock and its random generator.
    package static let system = Surroundings(
        now: { Int64(Date().timeIntervalSince1970 * 1_000) },
        randomBytes: { count in
            var generator = SystemRandomNumberGenerator()
            return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        },
        wait: { usleep(UInt32($0) * 1_000) })
}
