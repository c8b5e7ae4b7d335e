/// An observer of requests: an access log, a metric, an audit.
package protocol RequestObserver: Sendable {
    /// Takes the record of a request at the end of its exchange, once for each, on the worker's
    /// thread: after the answer's last byte, or when there will be none.
    func requestEnded(_ record: RequestRecord)
}
