import Glibc
import Synchronization

/// A small HTTP server on raw sockets that misbehaves as the request's path says
/// (``RawBehaviour``); a thread for each connection, on 127.0.0.1.
package final class RawUpstreamServer: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let counts = Mutex<[String: Int]>([:])
    private let connectionCount = Mutex(0)

    /// Listens on the port; 0 lets the system choose.
    package init(port: UInt16 = 0) throws(ListenError) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard bind(listener, pointer, length) == 0, listen(listener, 128) == 0 else {
                    return errno
                }
                return getsockname(listener, pointer, &length) == 0 ? 0 : errno
            }
        }
        guard result == 0 else {
            close(listener)
            throw ListenError(code: result)
        }
        self.listener = listener
        self.port = UInt16(bigEndian: address.sin_port)
    }

    /// The port can't be had; `code` is the system's errno.
    package struct ListenError: Error {
        package let code: Int32
    }

    /// Serves on threads of its own, for as long as the process lives.
    package func start() {
        spawn { [self] in acceptForever() }
    }

    /// How many requests of the path were read so far.
    package func count(_ path: String) -> Int {
        counts.withLock { $0[path] ?? 0 }
    }

    /// How many connections were accepted so far.
    package var connections: Int {
        connectionCount.withLock { $0 }
    }

    private func acceptForever() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            let number = connectionCount.withLock { count in
                count += 1
                return count
            }
            spawn { [self] in serve(RawConnection(descriptor: descriptor), number: number) }
        }
    }

    private func serve(_ connection: RawConnection, number: Int) {
        var served = 0
        while let request = RawRequest(from: connection) {
            counts.withLock { $0[request.path, default: 0] += 1 }
            served += 1
            let exchange = RawExchange(
                request: request, connection: connection, connectionNumber: number,
                requestNumber: served, count: count,
                note: { [self] what in counts.withLock { $0[what, default: 0] += 1 } })
            guard RawBehaviour.answer(exchange) == .keepOpen else { return }
        }
    }
}

/// Runs the work on a detached thread of its own.
private func spawn(_ work: @escaping @Sendable () -> Void) {
    final class Box {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    let context = Unmanaged.passRetained(Box(work)).toOpaque()
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
            return nil
        }, context)
    guard code == 0 else {
        Unmanaged<Box>.fromOpaque(context).release()
        return
    }
    pthread_detach(thread)
}
