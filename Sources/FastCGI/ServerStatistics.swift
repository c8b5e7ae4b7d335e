/// The present activity of a ``Server``.
package struct ServerStatistics: Sendable, Equatable {
    /// Worker threads, busy or not.
    package var workers: Int
    /// Workers that answer a request.
    package var busyWorkers: Int
    /// Connections from nginx, idle kept ones included.
    package var openConnections: Int
    /// Requests answered since the start, errors included.
    package var requestsAnswered: Int
}
