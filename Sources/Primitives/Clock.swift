import Locking

#if canImport(Glibc)
    import Glibc
#endif

/// Where the time comes from, and how it passes.
package struct Clock: Sendable {
    private let read: @Sendable () -> Timestamp
    private let readUptime: @Sendable () -> Int64
    private let passTime: Waiting

    /// Waits so many seconds, unless whoever is watched has gone: then it says so.
    package typealias Waiting = @Sendable (_ seconds: Double, _ watching: Int32?) -> Bool

    /// - Parameter uptime: Milliseconds on a clock that nobody sets.
    package init(
        _ read: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Int64,
        waiting: @escaping Waiting = CallerWatch.wait
    ) {
        self.read = read
        readUptime = uptime
        passTime = waiting
    }

    /// Waits while somebody waits for what comes then.
    ///
    /// - Parameter descriptor: That one's socket.
    /// - Returns: Whether it has hung up.
    package func wait(_ seconds: Double, watching descriptor: Int32?) -> Bool {
        passTime(seconds, descriptor)
    }

    /// What the calendar says. It can be set, forward and back.
    package var now: Timestamp { read() }

    /// Milliseconds on a clock that nobody sets, the same for every process on this machine: for
    /// how long something takes, and for deadlines.
    package var uptime: Int64 { readUptime() }

    /// The system's clocks.
    package static let system = Clock {
        Timestamp(seconds: Int64(time(nil)))
    } uptime: {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
