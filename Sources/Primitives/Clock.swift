import Locking

#if canImport(Glibc)
    import Glibc
#endif

/// The sources of time, and the way to wait.
package struct Clock: Sendable {
    private let read: @Sendable () -> Timestamp
    private let readUptime: @Sendable () -> Int64
    private let passTime: Waiting

    /// Waits for that time, unless the watched caller disconnects; returns whether it did.
    package typealias Waiting = @Sendable (_ duration: Duration, _ watching: Int32?) -> Bool

    /// Makes a clock.
    ///
    /// - Parameter uptime: Returns milliseconds on a clock that cannot be set.
    package init(
        _ read: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Int64,
        waiting: @escaping Waiting = CallerWatch.wait
    ) {
        self.read = read
        readUptime = uptime
        passTime = waiting
    }

    /// Waits, as long as the caller does.
    ///
    /// - Parameter descriptor: The caller's socket.
    /// - Returns: Whether the caller has hung up.
    package func wait(_ duration: Duration, watching descriptor: Int32?) -> Bool {
        passTime(duration, descriptor)
    }

    /// The time of day. It can be set, forward and back.
    package var now: Timestamp { read() }

    /// Milliseconds on a clock that cannot be set, the same for every process on this machine: for
    /// durations, and for deadlines.
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
