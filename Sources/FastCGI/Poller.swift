import CFastCGI
import Glibc

/// One epoll instance, on which all idle workers wait together: the listening socket, the parked
/// connections, and the event that ends the workers.
final class Poller: Sendable {
    enum Event {
        case incoming
        case connection(Connection)
        case end
        case timeout
    }

    private let number: Int32
    private static let listenerToken: UInt64 = 0
    private static let endToken: UInt64 = 1

    init() throws(ServerError) {
        number = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard number >= 0 else { throw .system("can't make an epoll instance") }
    }

    deinit { close(number) }

    /// Waits for one event; each goes to one worker only, `end` to all of them.
    func wait(milliseconds: Int32) -> Event {
        var token: UInt64 = 0
        guard fcgx_wait_one(number, milliseconds, &token) == 1 else { return .timeout }
        switch token {
        case Self.listenerToken: return .incoming
        case Self.endToken: return .end
        default:
            guard let pointer = UnsafeRawPointer(bitPattern: UInt(token)) else { return .timeout }
            let connection = Unmanaged<Connection>.fromOpaque(pointer).takeUnretainedValue()
            return .connection(connection)
        }
    }

    /// Whether an event waits that no worker has taken.
    var hasPending: Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Watches a connection for its next request, once. It must be registered as open: only then
    /// does the token, which is its address, stay valid.
    func add(_ connection: Connection) -> Bool {
        arm(EPOLL_CTL_ADD, connection)
    }

    /// Watches the connection again.
    func rearm(_ connection: Connection) -> Bool {
        arm(EPOLL_CTL_MOD, connection)
    }

    /// Watches the listening socket, once.
    func add(_ listener: ListeningSocket) throws(ServerError) {
        var failed = false
        listener.withDescriptor {
            failed =
                fcgx_arm(number, EPOLL_CTL_ADD, $0, FCGX_EPOLL_READ_ONCE, Self.listenerToken) != 0
        }
        if failed { throw .system("can't watch the listening socket") }
    }

    /// Watches the listening socket again.
    func rearm(_ listener: ListeningSocket) {
        listener.withDescriptor {
            _ = fcgx_arm(number, EPOLL_CTL_MOD, $0, FCGX_EPOLL_READ_ONCE, Self.listenerToken)
        }
    }

    /// Stops watching the listening socket.
    func remove(_ listener: ListeningSocket) {
        listener.withDescriptor { _ = epoll_ctl(number, EPOLL_CTL_DEL, $0, nil) }
    }

    /// Wakes every worker with `end` once that event is signalled.
    func add(end event: EventDescriptor) throws(ServerError) {
        guard fcgx_arm(number, EPOLL_CTL_ADD, event.number, FCGX_EPOLL_READ, Self.endToken) == 0
        else { throw .system("can't watch an eventfd") }
    }

    private func arm(_ operation: Int32, _ connection: Connection) -> Bool {
        let address = UInt(bitPattern: Unmanaged.passUnretained(connection).toOpaque())
        return fcgx_arm(
            number, operation, connection.descriptorNumber, FCGX_EPOLL_READ_ONCE, UInt64(address))
            == 0
    }
}
