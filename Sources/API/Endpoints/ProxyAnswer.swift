import Connections
import HTTPTypes
import Web

/// An upstream's answer on its way to the caller, streamed and never held whole.
struct ProxyAnswer {
    private let answer: ProxiedAnswer
    private let method: HTTPRequest.Method

    init(_ answer: ProxiedAnswer, method: HTTPRequest.Method) {
        self.answer = answer
        self.method = method
    }

    var response: Response {
        var headers = answer.headers
        // RFC 9209 §2: tells an upstream's error from one of ours.
        headers[.proxyStatus] = "grantkeeper; received-status=\(answer.status.code)"
        headers[.contentLength] = answer.contentLength
        return Response(status: answer.status, headers: headers, body: body)
    }

    private var body: ResponseBody {
        if method == .head || answer.status.code == 204 || answer.status.code == 304 {
            return .empty
        }
        let exchange = answer.exchange
        return .stream { writer in
            try exchange.drain(
                to: { try writer.write($0) }, beforeWaiting: { try writer.flush() })
        }
    }
}
