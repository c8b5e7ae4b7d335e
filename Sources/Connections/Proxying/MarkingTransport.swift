import HTTPClient

/// Writes the service's mark into every request, behind those that are there (``LoopMark``).
struct MarkingTransport: HTTPTransport {
    let transport: any HTTPTransport
    let mark: String

    func send(_ request: OutgoingRequest) throws -> any HTTPExchange {
        var request = request
        request.headers[.cdnLoop] = request.headers[.cdnLoop].map { "\($0), \(mark)" } ?? mark
        return try transport.send(request)
    }

    func closeExpiredConnections() {
        transport.closeExpiredConnections()
    }
}
