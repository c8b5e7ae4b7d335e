import Encoding

/// How slow a client may be: each one that is waited for holds a worker.
package struct ClientRate: Sendable {
    /// What it has to send of a body, or take of an answer, on average, in bytes; 0 is no limit.
    package let bytesPerSecond: Int
    /// How long it may do nothing.
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
