import HTTPClient

/// A call's body, which knows whether it is still whole: one that is read while it is sent is gone
/// with the first byte.
final class CallBody {
    private let body: OutgoingBody
    private(set) var isWhole = true

    init(_ body: OutgoingBody) {
        self.body = body
    }

    /// To be sent.
    var outgoing: OutgoingBody {
        guard case .stream(let length, let read) = body else { return body }
        return .stream(length: length) { buffer in
            self.isWhole = false
            return try read(buffer)
        }
    }
}
