import HTTPTypes

/// Keeps libcurl from sending a request twice where that could do harm.
///
/// When a kept connection dies before a byte of the answer, libcurl takes a new connection and
/// sends the request again, without a word; for a POST with an empty body or one in memory too. It
/// does so whatever the server has done with the first. But before each sending, also a repeated
/// one, it calls CURLOPT_PREREQFUNCTION, and that is where this is asked; and already where the
/// new connection is opened.
struct ResendPolicy {
    private let isIdempotent: Bool
    /// How often the request has begun to leave.
    private(set) var requestsBegun = 0
    /// Bytes that were read from the body's stream can't be sent again.
    var bodyWasRead = false

    init(method: HTTPRequest.Method, connection: ConnectionUse) {
        // RFC 9110 §9.2.2
        let idempotent: [HTTPRequest.Method] = [.get, .head, .options, .put, .delete]
        self.isIdempotent = connection == .pooled && idempotent.contains(method)
    }

    /// Whether the request may leave now, for the first time or again.
    var mayLeave: Bool {
        requestsBegun == 0 || (isIdempotent && !bodyWasRead)
    }

    /// The request leaves.
    mutating func begin() {
        requestsBegun += 1
    }
}
