import CFastCGI
import Glibc
import Synchronization
import Web

/// One connection from nginx, over which requests come one after the other.
///
/// `@unchecked Sendable`: the library's request is touched only by the worker that holds the
/// connection, and epoll's one shot hands it to one worker at a time; the rest is atomic.
final class Connection: @unchecked Sendable {
    /// The connection's present activity, for the code that stops the server.
    enum Phase: UInt8, AtomicRepresentable {
        /// Waiting in epoll for a request.
        case parked
        /// A worker reads the request's parameters.
        case readingHead
        /// A worker answers.
        case answering
        case closed
    }

    let descriptorNumber: Int32
    let request: UnsafeMutablePointer<FCGX_Request>
    let phase = Atomic(Phase.parked)
    /// The records that follow the current request's head.
    var input: InputRecords?

    init(descriptor: Int32) {
        descriptorNumber = descriptor
        request = .allocate(capacity: 1)
        // No listening socket: FCGX_Accept_r must never accept by itself.
        FCGX_InitRequest(request, -1, 0)
        request.pointee.ipcFd = descriptor
    }

    deinit {
        request.deallocate()
    }

    /// Reads a request's parameters.
    ///
    /// - Returns: `false` when there is no request. The library has closed the descriptor then.
    func readHead() -> Bool {
        // Kept, or FCGX_Accept_r would close it first; detached, or a failure would make it linger
        // for up to 2 s on closing.
        request.pointee.keepConnection = 1
        request.pointee.detached = 1
        guard FCGX_Accept_r(request) == 0 else { return false }
        input = InputRecords(request.pointee)
        return true
    }

    /// Whether the current request's body was read to its end: later bytes belong to no body.
    var bodyEnded: Bool { input?.hasEnded ?? false }

    /// Whether nginx asked to use the connection again (FCGI_KEEP_CONN).
    var isKept: Bool { request.pointee.keepConnection != 0 }

    /// Whether bytes wait to be read.
    var hasInput: Bool {
        var entry = pollfd(fd: descriptorNumber, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Frees the library's memory for a request; the descriptor stays open.
    func freeRequest() {
        input = nil
        FCGX_Free(request, 0)
        request.pointee.keepConnection = 1
    }

    /// Tells the peer that nothing follows.
    func endOutput() {
        shutdown(descriptorNumber, Int32(SHUT_WR))
    }

    /// Ends both directions at once, so that nginx sees a broken answer and not a short one.
    func cut() {
        shutdown(descriptorNumber, Int32(SHUT_RDWR))
    }
}

extension Connection: ClientConnection {
    var isGone: Bool {
        guard phase.load(ordering: .relaxed) == .answering else { return true }
        return fcgx_peer_closed(descriptorNumber) != 0 || (bodyEnded && hasAbortRecord)
    }

    var descriptor: Int32? {
        phase.load(ordering: .relaxed) == .answering ? descriptorNumber : nil
    }
}
