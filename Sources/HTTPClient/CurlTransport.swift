import HTTPTypes
import Logging

/// Sends requests with libcurl, on the caller's own thread: bytes go from libcurl's callbacks
/// straight to the caller, without a queue or a thread between.
///
/// Connections are kept and reused whichever thread comes next. Every address is judged by
/// ``AddressGuard`` when its connection is opened; TLS is always verified; redirects, proxies,
/// cookies, netrc and content decoding are never used.
package final class CurlTransport: HTTPTransport {
    private let options: CurlOptions
    private let addressGuard: AddressGuard
    private let pool: CurlHandlePool
    private let logger: Logger

    package init(configuration: CurlTransportConfiguration, logger: Logger) {
        self.options = CurlOptions(configuration: configuration)
        self.addressGuard = AddressGuard(allowing: configuration.allowedNetworks)
        self.pool = CurlHandlePool(configuration: configuration)
        self.logger = logger
    }

    package func send(_ request: OutgoingRequest) throws -> any HTTPExchange {
        let url = try OutgoingURL(request.url, allowHTTP: options.configuration.allowHTTP)
        do {
            // Uploads have connections of their own: theirs are HTTP/1.1.
            let upload = CurlUpload(request.body)
            let origin = upload == nil ? url.origin : "upload " + url.origin
            let handle = try pool.take(origin: origin) ?? CurlHandle()
            try options.apply(request, url: url, to: handle)
            let transfer = CurlTransfer(
                request, upload: upload, on: handle, addressGuard: addressGuard)
            let head = try transfer.runToHead()
            return CurlExchange(head: head, transfer: transfer, pool: pool, origin: origin)
        } catch {
            logger.debug(
                "request failed", metadata: ["origin": "\(url.origin)", "error": "\(error)"])
            throw error
        }
    }

    /// Closes the connections that have been idle too long; sending does so too, now and then.
    package func closeExpiredConnections() {
        pool.closeExpired()
    }
}
