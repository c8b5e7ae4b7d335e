import Glibc
import Locking

/// A request that waits for a connection, or for the right to open one.
///
/// `@unchecked Sendable`: the pool's lock guards `gift`.
final class ConnectionTurn: @unchecked Sendable {
    enum Gift {
        case connection(ParkedConnection)
        case mayOpen

        /// Whether the connection has still to be opened.
        var isNew: Bool {
            if case .mayOpen = self { true } else { false }
        }
    }

    let credential: String
    let limits: ConnectionLimits
    private(set) var gift: Gift?
    /// A pair of sockets, of which `reading` is readable once there is a gift.
    private let ends: (reading: Int32, writing: Int32)

    /// - Throws: ``HTTPClientError/other(_:)`` when there are no more descriptors.
    init(_ credential: String, _ limits: ConnectionLimits) throws(HTTPClientError) {
        self.credential = credential
        self.limits = limits
        var pair: [Int32] = [-1, -1]
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, CInt(type), 0, &pair) == 0 else {
            throw .other("no more file descriptors")
        }
        ends = (pair[0], pair[1])
    }

    deinit {
        close(ends.reading)
        close(ends.writing)
    }

    func give(_ gift: Gift) {
        self.gift = gift
        _ = write(ends.writing, "", 1)
    }

    /// Waits for a gift, until that time at the latest.
    ///
    /// - Parameter watched: A stream socket.
    /// - Returns: Whether the socket's other end has hung up.
    func wait(until end: MonotonicTime, watching watched: Int32?) -> Bool {
        var entries = (
            pollfd(fd: ends.reading, events: Int16(POLLIN), revents: 0),
            // A hang-up is always reported. One below 0 is passed over.
            pollfd(fd: watched ?? -1, events: 0, revents: 0)
        )
        while entries.0.revents == 0, entries.1.revents == 0 {
            let left = end.milliseconds(from: .now)
            guard left > 0 else { return false }
            withUnsafeMutableBytes(of: &entries) { entries in
                _ = poll(
                    entries.assumingMemoryBound(to: pollfd.self).baseAddress, 2,
                    CInt(clamping: left))
            }
        }
        return entries.1.revents != 0
    }
}
