/// The configuration of a ``Server``: its listener, and the limits on its work.
package struct ServerConfiguration: Sendable {
    /// The source of requests.
    package enum Listener: Sendable {
        /// A Unix socket that the server makes and removes.
        ///
        /// - Parameters:
        ///   - mode: Permission bits, usually `0o660`.
        ///   - group: A group's name or number to give it to; `nil` leaves the process's own.
        case path(String, mode: UInt16, group: String?)
        /// A listening socket that a supervisor opened and owns: it is closed at the end, never
        /// unlinked and never shut down.
        case descriptor(Int32)
    }

    package var listener: Listener
    /// Workers that are always there.
    package var minimumWorkers: Int
    /// The most workers; requests beyond wait in the socket's queue.
    package var maximumWorkers: Int
    /// The time for which a worker above the minimum waits for work before it ends.
    package var workerIdleTime: Duration
    /// A worker's stack, in bytes.
    package var stackBytes: Int
    /// The longest request body, in bytes; `nil` leaves that to nginx.
    package var bodyLimit: Int64?
    /// The time in which a request's head has to be complete.
    package var headTimeout: Duration
    /// The slowest pace that a client may have.
    package var clientRate: ClientRate
    /// The time that requests in flight have after ``Server/stop()``.
    package var drainTimeout: Duration

    package init(
        listener: Listener, minimumWorkers: Int = 4, maximumWorkers: Int = 1024,
        workerIdleTime: Duration = .seconds(10), stackBytes: Int = 262_144, bodyLimit: Int64? = nil,
        headTimeout: Duration = .seconds(10), clientRate: ClientRate = .any,
        drainTimeout: Duration = .seconds(30)
    ) {
        self.listener = listener
        self.minimumWorkers = max(1, minimumWorkers)
        self.maximumWorkers = max(self.minimumWorkers, maximumWorkers)
        self.workerIdleTime = workerIdleTime
        self.stackBytes = stackBytes
        self.bodyLimit = bodyLimit
        self.headTimeout = headTimeout
        self.clientRate = clientRate
        self.drainTimeout = drainTimeout
    }
}
