import CFastCGI
import Glibc
import Synchronization

/// The socket that nginx connects to.
final class ListeningSocket: Sendable {
    /// The result of one attempt to accept.
    enum Accepted {
        case connection(Int32)
        /// No client waits, or the socket is closed.
        case none
        /// The system has no descriptor or memory left; try again later.
        case exhausted(ServerError)
    }

    /// -1 once closed; held while accepting, so that it isn't closed in between.
    private let descriptor: Mutex<Int32>
    /// The file that is ours to remove.
    private let file: SocketFile?

    init(_ listener: ServerConfiguration.Listener) throws(ServerError) {
        switch listener {
        case .path(let path, let mode, let group):
            let file = try SocketFile(path: path, mode: mode, group: group)
            self.file = file
            descriptor = Mutex(file.descriptor)
        case .descriptor(let number):
            try Self.requireListening(number)
            file = nil
            descriptor = Mutex(number)
        }
        try setNonBlocking()
    }

    /// Takes one waiting connection, without waiting for one.
    func accept() -> Accepted {
        descriptor.withLock { listener in
            while listener >= 0 {
                let connection = fcgx_accept_connection(listener)
                if connection >= 0 { return .connection(connection) }
                switch errno {
                case EINTR, ECONNABORTED: continue
                case EAGAIN: return .none
                default: return .exhausted(.system("can't accept a connection"))
                }
            }
            return .none
        }
    }

    /// Runs the body with the descriptor; not at all once it is closed.
    func withDescriptor(_ body: (Int32) -> Void) {
        descriptor.withLock { if $0 >= 0 { body($0) } }
    }

    /// Removes the file, if there is one and it is still ours: no new client can connect.
    ///
    /// - Returns: Whether the connections that wait in the queue are ours to answer. Those of a
    ///   supervisor's socket are left to the process that comes next.
    func unlink() -> Bool {
        file?.remove()
        return file != nil
    }

    /// Closes the descriptor. Never `shutdown()`: it would kill an inherited socket for its owner
    /// and for the successor too.
    func close() {
        descriptor.withLock { listener in
            if listener >= 0 { _ = Glibc.close(listener) }
            listener = -1
        }
    }

    private func setNonBlocking() throws(ServerError) {
        let number = descriptor.withLock { $0 }
        guard fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) == 0 else {
            throw .system("can't prepare the listening socket \(number)")
        }
    }

    private static func requireListening(_ number: Int32) throws(ServerError) {
        var listening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 else {
            throw .system("descriptor \(number) can't be listened on")
        }
        guard listening != 0 else {
            throw ServerError("descriptor \(number) is a socket, but not a listening one")
        }
    }
}
