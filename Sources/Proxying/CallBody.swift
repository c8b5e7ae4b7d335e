import HTTPClient
import Primitives

/// A call's body, which knows whether it is still whole: one that is read while it is sent is used
/// up with the first byte.
package final class CallBody {
    private let body: OutgoingBody
    private(set) var isReplayable = true

    /// Takes the body of a call; reads it now, where it is not sent piece by piece.
    ///
    /// - Throws: The errors of the body's reader; ``InputError/invalid(code:detail:)``.
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

    /// No body.
    static var none: CallBody { CallBody() }

    /// The body as it is sent.
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
