import Addressing
import HTTPClient
import HTTPTypes
import Headers
import Logging
import RawUpstreamServer
import Testing

/// A misbehaving server of its own for a test, and a transport that may call it.
struct Upstream {
    let server: RawUpstreamServer
    let transport: CurlTransport

    init(
        allowing networks: [String] = ["127.0.0.0/8"], idleConnections: Int = 16,
        idleConnectionsPerOrigin: Int = 16, idleConnectionLifetime: Duration = .seconds(60)
    ) throws {
        server = try RawUpstreamServer()
        server.start()
        transport = CurlTransport(
            configuration: CurlTransportConfiguration(
                allowHTTP: true, allowedNetworks: try networks.map { try IPNetwork($0) },
                userAgent: "test/1", idleConnections: idleConnections,
                idleConnectionsPerOrigin: idleConnectionsPerOrigin,
                idleConnectionLifetime: idleConnectionLifetime),
            logger: Logger(label: "test"))
    }

    func url(_ path: String, host: String = "127.0.0.1") throws -> AbsoluteURL {
        try parsed("http://\(host):\(server.port)\(path)")
    }

    func send(
        _ method: HTTPRequest.Method = .get, _ path: String, headers: HeaderFields = [:],
        body: OutgoingBody = .none, connection: ConnectionUse = .kept(credential: "test"),
        limits: TransferLimits = TransferLimits(
            connect: .seconds(5), head: .seconds(5), idle: .seconds(5)),
        watchedDescriptor: Int32? = nil
    ) throws -> any HTTPExchange {
        try transport.send(
            OutgoingRequest(
                method: method, to: try url(path), headers: headers, body: body,
                connection: connection, limits: limits, watchedDescriptor: watchedDescriptor))
    }

    /// The whole answer's body as text.
    func text(
        _ method: HTTPRequest.Method = .get, _ path: String, headers: HeaderFields = [:],
        body: OutgoingBody = .none, connection: ConnectionUse = .kept(credential: "test")
    ) throws -> String {
        let exchange = try send(method, path, headers: headers, body: body, connection: connection)
        return String(decoding: try exchange.collect(upTo: 1 << 30), as: UTF8.self)
    }
}

/// The URL that a test wrote.
func parsed(_ url: String) throws -> AbsoluteURL {
    try #require(AbsoluteURL(url))
}

/// A stream of zeros for an upload, in pieces of 10,000 bytes.
func zeros(_ count: Int) -> (UnsafeMutableRawBufferPointer) throws -> Int {
    var left = count
    return { buffer in
        let piece = min(left, buffer.count, 10_000)
        for index in 0..<piece { buffer[index] = 0 }
        left -= piece
        return piece
    }
}
