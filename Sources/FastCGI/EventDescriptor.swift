import CFastCGI
import Glibc

/// A descriptor that any thread can make readable, to wake a waiting thread.
final class EventDescriptor: Sendable {
    let number: Int32

    init() throws(ServerError) {
        number = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard number >= 0 else { throw .system("can't make an eventfd") }
    }

    deinit { close(number) }

    /// Makes it readable.
    func signal() {
        eventfd_write(number, 1)
    }

    /// Waits until it is readable, and clears it.
    ///
    /// - Parameter milliseconds: The longest wait; `nil` waits without a limit.
    func wait(milliseconds: Int32?) {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds ?? -1) > 0 else { return }
        var value: eventfd_t = 0
        eventfd_read(number, &value)
    }
}
