import Glibc

/// A watch on the caller that waits for an answer, through the socket that the answer goes to.
package enum CallerWatch {
    /// Waits, at most until the caller no longer waits for the answer.
    ///
    /// - Parameters:
    ///   - duration: The longest wait.
    ///   - descriptor: A stream socket; `nil` just waits.
    /// - Returns: Whether the socket's other end has hung up.
    @Sendable package static func wait(
        _ duration: Duration, watching descriptor: Int32?
    ) -> Bool {
        let end = MonotonicTime.now.after(duration)
        // No event is asked for: a hang-up is always reported. One below 0 is passed over.
        var entry = pollfd(fd: descriptor ?? -1, events: 0, revents: 0)
        while true {
            let left = end.milliseconds(from: .now)
            if poll(&entry, 1, CInt(clamping: left)) > 0 { return true }
            if left == 0 { return false }
        }
    }
}
