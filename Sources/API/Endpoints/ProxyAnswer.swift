import HTTPClient
import HTTPTypes
import Headers
import Proxying
import Web

/// An upstream's answer on its way to the caller, streamed and never held whole.
struct ProxyAnswer {
    private let answer: ProxiedAnswer
    private let method: HTTPRequest.Method
    private let isOwnHead: Bool
    private let record: RequestRecord

    /// - Parameters:
    ///   - call: The call that is answered.
    ///   - request: The caller's request; in the JSON form it is a POST, whatever the call is.
    init(_ answer: ProxiedAnswer, to call: ProxyCall, for request: Request) {
        self.answer = answer
        method = call.method
        isOwnHead = request.method == .head
        record = request.record
        record.attempts = answer.attempts
        record.integration = answer.integration
    }

    var response: Response {
        var headers = answer.headers
        // An upstream's fields of these names are left out (``ActingFields``).
        // RFC 9209 §2: tells an upstream's error from one of ours.
        headers.append(.proxyStatus, "grantkeeper; received-status=\(answer.status.code)")
        headers.append(.upstreamAttempts, "\(answer.attempts)")
        if let url = answer.redirectedTo { headers.append(.upstreamURL, url) }
        if let dropped = answer.droppedHeaders { headers.append(.droppedHeaders, dropped) }
        if method == .head, !isOwnHead {
            // The length of what a GET would get. As Content-Length of an answer to POST it would
            // have the caller wait for that much.
            headers[.upstreamContentLength] = answer.contentLength
        } else {
            headers[.contentLength] = answer.contentLength
        }
        var response = Response(status: answer.status, headers: headers, body: body)
        response.isBuffered = !answer.isStreamed
        return response
    }

    private var hasBody: Bool {
        method != .head && answer.status.code != 204 && answer.status.code != 304
    }

    private var body: ResponseBody {
        guard hasBody else { return .empty }
        let (answer, record) = (answer, record)
        return .stream { writer in
            do {
                try answer.drain(
                    to: { bytes in
                        record.bytesFromUpstream += Int64(bytes.count)
                        try writer.write(bytes)
                    }, beforeWaiting: { try writer.flush() })
            } catch HTTPClientError.abandoned {
                throw ClientGone()
            }
        }
    }
}

extension Relay {
    /// Makes a call for a request, and returns the API's answer.
    ///
    /// - Parameter moment: The moment as of which the connection is looked up.
    func respond(
        to request: APIRequest, with call: ProxyCall, asOf moment: ContinuousClock.Instant
    ) throws -> Response {
        let incoming = request.request
        let answer = try incoming.record.timingUpstream {
            try self(
                call, through: request.integration, by: request.caller(), asOf: moment)
        }
        return ProxyAnswer(answer, to: call, for: incoming).response
    }
}

extension HTTPField.Name {
    fileprivate static let droppedHeaders = HTTPField.Name.known("Grantkeeper-Dropped-Headers")
    fileprivate static let upstreamURL = HTTPField.Name.known("Upstream-URL")
    static let upstreamContentLength = HTTPField.Name.known("Upstream-Content-Length")
}
