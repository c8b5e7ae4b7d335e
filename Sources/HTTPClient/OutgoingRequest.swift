import Addressing
import HTTPTypes
import Headers

/// A request to another server.
package struct OutgoingRequest {
    package var method: HTTPRequest.Method
    /// `https`, or `http` where allowed. Path and query are sent exactly as they stand here.
    package let url: AbsoluteURL
    /// Sent in this order. Those that frame the message (Content-Length, Host, Connection, …) are
    /// the transport's to set and refused here.
    package var headers: HeaderFields
    package var body: OutgoingBody
    package var connection: ConnectionUse
    /// The limits on kept connections.
    package var connectionLimits = ConnectionLimits.usual
    package var limits: TransferLimits
    /// A stream socket that hangs up when no one waits for the answer any more; the transfer then
    /// stops with ``HTTPClientError/abandoned``.
    package var watchedDescriptor: Int32?
    /// Called when a connection stands and the request is about to leave.
    package var whenConnected: (() -> Void)?

    package init(
        method: HTTPRequest.Method, to url: AbsoluteURL, headers: HeaderFields = [:],
        body: OutgoingBody = .none, connection: ConnectionUse = .fresh,
        limits: TransferLimits = TransferLimits(), watchedDescriptor: Int32? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connection = connection
        self.limits = limits
        self.watchedDescriptor = watchedDescriptor
    }
}

/// The body of a request.
package enum OutgoingBody {
    case none
    case bytes([UInt8])
    /// A body that is read while it is sent, on the same thread; reading 0 bytes is the end.
    /// With a length, exactly so many bytes are sent; without one the upload is chunked.
    /// While it is not ready, nothing is read: the exchange goes on with the server's bytes, until
    /// the request's `watchedDescriptor`, from which the body comes then, can be read.
    case stream(
        length: Int64?, isReady: () -> Bool = { true },
        read: (UnsafeMutableRawBufferPointer) throws -> Int)
}

extension OutgoingBody {
    var isNone: Bool {
        if case .none = self { true } else { false }
    }
}

/// Whether an idle connection to the same origin may carry the request.
package enum ConnectionUse: Sendable, Equatable {
    /// Uses a connection that carried nothing but requests with the same credential, and keeps it
    /// for the next one. When a kept one dies under a request without a byte of an answer, the
    /// exchange fails with ``HTTPClientError/keptConnectionDied``: nothing is ever sent twice here.
    ///
    /// - Parameter credential: An identifier of the credential; not the secret itself.
    case kept(credential: String)
    /// A connection of its own, closed afterwards: the request leaves at most once, and never on
    /// a connection that may be dead already.
    case fresh
}

/// The limits of a transfer, in time and bytes.
package struct TransferLimits: Sendable {
    /// The limit for the connection to stand, TLS included.
    package var connect: Duration
    /// The limit for the answer's head, from the start; an upload that makes progress counts from
    /// its end.
    package var head: Duration
    /// The limit without a byte in either direction, after the head.
    package var idle: Duration
    /// The limit from start to end; `nil` for none.
    package var total: Duration?
    /// The limit of the answer's header fields together.
    package var headerBytes: Int

    package init(
        connect: Duration = .seconds(10), head: Duration = .seconds(25),
        idle: Duration = .seconds(60), total: Duration? = nil, headerBytes: Int = 65_536
    ) {
        self.connect = connect
        self.head = head
        self.idle = idle
        self.total = total
        self.headerBytes = headerBytes
    }
}
