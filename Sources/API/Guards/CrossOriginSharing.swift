import Connections
import HTTPTypes
import Web

/// CORS, for the configured origins only: everybody else gets no CORS header at all.
struct CrossOriginSharing: Sendable {
    let settings: APISettings

    /// Answers a preflight of a configured origin.
    func answerPreflight(_ request: Request) -> Response? {
        guard request.method == .options, let origin = allowedOrigin(request),
            request.headers[.accessControlRequestMethod] != nil
        else { return nil }
        var response = Response.noContent
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlAllowMethods] = Self.methods(asked: request)
        if let wanted = request.headers[.accessControlRequestHeaders] {
            response.headers[.accessControlAllowHeaders] = wanted
        }
        response.headers[.accessControlMaxAge] = "600"
        return response
    }

    /// The usual ones, and the one that is asked for: calls are made with any.
    private static func methods(asked request: Request) -> String {
        let usual = "GET, HEAD, POST, PUT, PATCH, DELETE"
        guard let asked = request.headers[.accessControlRequestMethod],
            let method = HTTPRequest.Method(asked), CallMethods.allows(method),
            !CallMethods.usual.contains(method)
        else { return usual }
        return "\(usual), \(method.rawValue)"
    }

    /// Lets a configured origin's page read the answer.
    func allow(_ request: Request, _ response: inout Response) {
        guard !settings.allowedOrigins.isEmpty else { return }
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        allowShowing(request, &response)
        guard let origin = allowedOrigin(request) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlAllowCredentials] = "true"
        response.headers[.accessControlExposeHeaders] = ExposedFields.names(of: response.headers)
    }

    /// What a script may read beside the few fields that it always may.
    private static let exposed =
        "Accept-Ranges, Content-Disposition, Content-Location, Content-Range, Date, ETag, "
        + "Grantkeeper-Revocation, Link, Location, Proxy-Status, RateLimit, RateLimit-Limit, "
        + "RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, Retry-After, Upstream-Attempts, "
        + "Upstream-Content-Length, Upstream-WWW-Authenticate, X-RateLimit-Limit, "
        + "X-RateLimit-Remaining, X-RateLimit-Reset"

    private func allowedOrigin(_ request: Request) -> String? {
        request.headers[.origin].flatMap { settings.allowedOrigins.contains($0) ? $0 : nil }
    }
}

extension HTTPField.Name {
    fileprivate static let crossOriginResourcePolicy = HTTPField.Name.known(
        "Cross-Origin-Resource-Policy")
}
