/// Sends requests: libcurl in the service, an answer made up in tests.
package protocol HTTPTransport: Sendable {
    /// Sends the request and waits for the answer's head.
    ///
    /// - Returns: The exchange, whose body has still to be drained; dropping it stops the
    ///   transfer and closes its connection.
    /// - Throws: ``HTTPClientError`` for everything that went wrong before the head was there.
    func send(_ request: OutgoingRequest) throws -> any HTTPExchange

    /// Closes connections that have been idle too long: now and then, also when nothing is sent.
    func closeExpiredConnections()
}

extension HTTPTransport {
    package func closeExpiredConnections() {}
}
