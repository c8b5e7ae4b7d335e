import HTTPClient

/// Writes the service's mark into every request, after the marks that are there (``LoopMark``).
package struct MarkingTransport: HTTPTransport {
    let transport: any HTTPTransport
    let mark: String

    package init(transport: any HTTPTransport, mark: String) {
        self.transport = transport
        self.mark = mark
    }

    package func send(_ request: OutgoingRequest) throws -> any HTTPExchange {
        var request = request
        request.headers[.cdnLoop] = request.headers[.cdnLoop].map { "\($0), \(mark)" } ?? mark
        return try transport.send(request)
    }

    package func closeExpiredConnections() {
        transport.closeExpiredConnections()
    }
}
