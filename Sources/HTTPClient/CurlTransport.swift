import Addressing
import HTTPTypes
import Locking
import Logging

/// Sends requests over HTTP/1.1 on connections that libcurl opens, on the caller's own thread:
/// bytes go from the connection straight to the caller, without a queue or a thread between.
///
/// Connections are kept and used again whichever thread comes next, but never for another
/// credential. Every address is judged by ``AddressGuard`` when its connection is opened; TLS is
/// always verified; redirects, proxies, cookies, netrc and content decoding are never used.
package final class CurlTransport: HTTPTransport {
    private let options: CurlOptions
    private let addressGuard: AddressGuard
    private let pool: ConnectionPool
    private let logger: Logger

    package init(configuration: CurlTransportConfiguration, logger: Logger) {
        self.options = CurlOptions(configuration: configuration)
        self.addressGuard = AddressGuard(allowing: configuration.allowedNetworks)
        self.pool = ConnectionPool(configuration: configuration)
        self.logger = logger
    }

    package func send(_ request: OutgoingRequest) throws -> any HTTPExchange {
        try check(request.url)
        do {
            return try begin(request)
        } catch {
            logger.debug(
                "request failed",
                metadata: ["origin": "\(request.url.origin)", "error": "\(error)"])
            throw error
        }
    }

    /// - Throws: ``HTTPClientError/badURL(_:)`` for a URL that is never called.
    private func check(_ url: AbsoluteURL) throws(HTTPClientError) {
        guard url.origin.isSecure || options.configuration.allowHTTP else {
            throw .badURL("scheme not allowed")
        }
        // RFC 3986 §2: a URL is visible ASCII.
        guard url.isASCII else { throw .badURL("a byte that may not stand in a URL") }
    }

    private func begin(_ request: OutgoingRequest) throws -> HTTP1Exchange {
        let message = try OutgoingMessage(request, userAgent: options.configuration.userAgent)
        var deadlines = TransferDeadlines(limits: request.limits, start: .now)
        let claim = try claim(request)
        if claim?.hasWaited == true { deadlines.turnCame(at: .now) }
        let connection =
            try claim?.connection ?? open(request, claim?.seat, until: deadlines.next)
        let transfer = HTTP1Transfer(
            request, message, on: connection, seat: claim?.seat, deadlines: deadlines)
        let head = try transfer.runToHead(whenConnected: request.whenConnected)
        return HTTP1Exchange(head: head, transfer: transfer)
    }

    private func claim(
        _ request: OutgoingRequest
    ) throws(HTTPClientError) -> ConnectionPool.Claim? {
        guard case .kept(let credential) = request.connection else { return nil }
        return try pool.claim(
            ConnectionPool.Key(origin: request.url.origin, credential: credential),
            request.connectionLimits, headLimit: request.limits.head,
            watched: request.watchedDescriptor)
    }

    private func open(
        _ request: OutgoingRequest, _ seat: ConnectionSeat?,
        until deadline: MonotonicTime
    ) throws(HTTPClientError) -> CurlConnection {
        let origin = request.url.origin
        let connection = try CurlConnection(addressGuard: addressGuard)
        try connection.connect(
            to: origin, options: options, connectLimit: request.limits.connect,
            until: deadline, watched: request.watchedDescriptor, seat: seat)
        seat?.isConnected(to: origin)
        return connection
    }

    /// Closes the connections that have been idle too long; sending does so too, now and then.
    package func closeExpiredConnections() {
        pool.closeExpired()
    }
}
