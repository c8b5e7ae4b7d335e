import HTTPClient
import HTTPTypes
import Headers
import Limits
import Problems
import Web

/// The failures of a proxied call before the upstream has answered, with the names that
/// RFC 9209 §2.3 has for them.
extension Problem {
    /// - Parameter attempts: The number of times that the call was sent.
    init(upstream error: HTTPClientError, attempts: Int) {
        self.init(upstream: error)
        if attempts > 0 { headers[.upstreamAttempts] = "\(attempts)" }
    }

    /// Creates the problem for a redirect that was not followed.
    init(redirect code: ProblemCode, _ detail: String, attempts: Int) {
        self.init(.badGateway, code, detail, proxyError: "http_protocol_error")
        headers[.upstreamAttempts] = "\(attempts)"
    }

    private init(upstream error: HTTPClientError) {
        self =
            switch error {
            case .badRequest:
                Problem(
                    .badRequest, .invalidRequest, "The call cannot be sent as it stands.",
                    proxyError: "http_request_error")
            case .badURL:
                Problem(
                    .badRequest, .forbiddenURL, "The URL cannot be called.",
                    proxyError: "http_request_error")
            case .addressRefused:
                Problem(
                    .badGateway, .addressNotAllowed,
                    "The API's name resolves to an address that may not be called. "
                        + "'upstream.allowedNetworks' in the configuration allows networks.",
                    proxyError: "destination_ip_prohibited")
            case .nameNotResolved:
                Problem(
                    .badGateway, .upstreamNotFound, "The API's name cannot be resolved.",
                    proxyError: "dns_error")
            case .connectionFailed:
                Problem(
                    .badGateway, .upstreamUnreachable, "The API cannot be reached.",
                    proxyError: "connection_refused")
            case .tlsFailed:
                Problem(
                    .badGateway, .upstreamTLSFailed,
                    "A secure connection to the API cannot be made.",
                    proxyError: "tls_protocol_error")
            case .certificateRefused:
                Problem(
                    .badGateway, .upstreamCertificateRefused,
                    "The API's certificate is not one for its name, has expired, or was issued "
                        + "by an authority that is not trusted.",
                    proxyError: "tls_certificate_error")
            case .bodyStalled:
                Problem(
                    .requestTimeout, .bodyTimeout, "The request's body did not go on.",
                    proxyError: "http_request_error")
            case .timedOut(.connecting):
                Problem(
                    .gatewayTimeout, .upstreamTimeout, "No connection to the API in time.",
                    proxyError: "connection_timeout")
            case .timedOut:
                Problem(
                    .gatewayTimeout, .upstreamTimeout, "The API did not answer in time.",
                    proxyError: "http_response_timeout")
            case .broken(.body, _):
                Problem(
                    .badGateway, .upstreamBroken, "The API's answer broke off.",
                    proxyError: "http_response_incomplete")
            case .broken, .keptConnectionDied:
                Problem(
                    .badGateway, .upstreamBroken, "The connection to the API broke.",
                    proxyError: "connection_terminated")
            case .malformedResponse:
                Problem(
                    .badGateway, .upstreamMalformed, "The API's answer is not HTTP.",
                    proxyError: "http_protocol_error")
            case .headerTooLarge:
                Problem(
                    .badGateway, .upstreamHeaderTooLarge, "The API's header is too large.",
                    proxyError: "http_response_header_section_size")
            case .responseTooLarge:
                Problem(
                    .badGateway, .upstreamTooLarge, "The API's answer is too large.",
                    proxyError: "http_response_body_size")
            default:
                Problem(
                    .badGateway, .upstreamFailed, "The call to the API failed.",
                    proxyError: "proxy_internal_error")
            }
    }

    /// Creates the problem for a call that was not made.
    init(_ refusal: CallRefusal) {
        self =
            switch refusal.reason {
            case .saturated:
                Problem(
                    .serviceUnavailable, refusal.reason.code,
                    "Too many calls through this integration are waiting for its API.",
                    proxyError: "connection_limit_reached")
            case .userSaturated:
                Problem(
                    .serviceUnavailable, refusal.reason.code,
                    "Too many of this user's calls through this integration are under way.",
                    proxyError: "connection_limit_reached")
            case .connects:
                Problem(
                    .tooManyRequests, refusal.reason.code,
                    "This user connects this integration too often.")
            case .breaker:
                Problem(
                    .serviceUnavailable, refusal.reason.code,
                    "The API could not be reached several times in a row and is left alone for "
                        + "\(refusal.retryAfter) seconds.",
                    proxyError: "destination_unavailable")
            case .connections:
                Problem(
                    .serviceUnavailable, refusal.reason.code,
                    "All connections that the API is given by the integration's 'connections.max' "
                        + "were in use for as long as a call waits.",
                    proxyError: "connection_limit_reached")
            case .rate:
                Problem(
                    .tooManyRequests, refusal.reason.code,
                    "The integration's limit of calls a second is reached.",
                    proxyError: "http_request_denied")
            case .concurrency:
                Problem(
                    .tooManyRequests, refusal.reason.code,
                    "The integration's limit of calls at the same time is reached.",
                    proxyError: "http_request_denied")
            }
        headers[.retryAfter] = "\(refusal.retryAfter)"
    }

    init(
        _ status: HTTPResponse.Status, _ code: ProblemCode, _ detail: String, proxyError: String
    ) {
        self.init(
            status, code, detail, headers: [.proxyStatus: "grantkeeper; error=\(proxyError)"])
    }
}

extension HTTPField.Name {
    static let proxyStatus = HTTPField.Name.known("Proxy-Status")
    static let upstreamAttempts = HTTPField.Name.known("Upstream-Attempts")
}
