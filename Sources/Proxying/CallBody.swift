import HTTPClient
import Primitives

/// A call's body, which knows whether it is still whole: one that is read while it is sent is gone
/// with the first byte.
package final class CallBody {
    private let body: OutgoingBody
    private(set) var isReplayable = true

    /// Reads what is held of it.
    ///
    /// - Throws: What the body's reader throws; ``InputError/invalid(code:detail:)``.
    init(of call: ProxyCall) throws {
        body = try call.body()
        if case .none = body { return }
        guard call.method != .head else {
            // RFC 9110 §9.3.2
            throw InputError.invalid(
                code: .invalidRequest, detail: "A HEAD request has no body.")
        }
    }

    private init() { body = .none }

    /// Nothing.
    static var none: CallBody { CallBody() }

    /// To be sent.
    var outgoing: OutgoingBody {
        guard case .stream(let length, let isReady, let read) = body else { return body }
        return .stream(
            length: length, isReady: isReady,
            read: { buffer in
                self.isReplayable = false
                return try read(buffer)
            })
    }
}
