import Encoding

/// The slowest pace that a client may have: a worker waits for each slow client.
package struct ClientRate: Sendable {
    /// The bytes of a body to send, or of an answer to take, per second on average; 0 is no limit.
    package let bytesPerSecond: Int
    /// The longest time without progress.
    package let grace: Duration
    /// The same in microseconds.
    let graceMicroseconds: Int

    package init(bytesPerSecond: Int, grace: Duration = .seconds(20)) {
        self.bytesPerSecond = bytesPerSecond
        self.grace = grace
        graceMicroseconds = grace.inMilliseconds * 1000
    }

    /// As slow as it likes.
    package static let any = ClientRate(bytesPerSecond: 0)
}
