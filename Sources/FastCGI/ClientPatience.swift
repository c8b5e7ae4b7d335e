import Glibc

/// The time for which a worker still waits for a client.
///
/// Each byte that a client sends or takes buys it time, at the lowest allowed rate. Time that
/// passes otherwise, at an API that is slow itself, is not counted.
struct ClientPatience {
    /// Bytes a second; 0 waits for ever.
    private let rate: Int
    /// Microseconds at most, however much has come.
    private let most: Int
    private var left: Int

    /// - Parameter lump: The bytes that may pass at once after a long time without any: nginx's
    ///   buffers hide the client's progress.
    init(_ rate: ClientRate, lump: Int = 0) {
        self.rate = rate.bytesPerSecond
        let lumpTime = self.rate > 0 ? lump * 1_000_000 / self.rate : 0
        most = rate.graceMicroseconds + lumpTime
        left = most
    }

    /// Whether the client was waited for as long as it may be.
    var isUsedUp: Bool { rate > 0 && left <= 0 }

    /// Waits until the descriptor can be read from, or written to.
    ///
    /// - Parameter events: `POLLIN` or `POLLOUT`.
    /// - Returns: `false` when the client was too slow.
    mutating func wait(for events: Int32, on descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        // Mostly there is nothing to wait for, and no clock to be read.
        if poll(&entry, 1, 0) > 0 { return true }
        while !isUsedUp {
            let start = WorkerPool.milliseconds()
            let count = poll(&entry, 1, rate > 0 ? Int32(clamping: left / 1000 + 1) : -1)
            let hasFailed = count < 0 && errno != EINTR
            passed(since: start)
            // An error of the descriptor shows when it is used.
            if count > 0 || hasFailed { return true }
        }
        return false
    }

    /// Counts that the client was waited for since then, in milliseconds.
    mutating func passed(since start: Int) {
        left -= (WorkerPool.milliseconds() - start) * 1000
    }

    /// Counts the bytes that the client has sent or taken.
    mutating func moved(_ bytes: Int) {
        guard rate > 0 else { return }
        left = min(most, left + bytes * 1_000_000 / rate)
    }
}
