import Addressing
import HTTPTypes
import Headers
import Integrations
import Proxying
import Web

/// CORS, for the configured origins only: other origins get no CORS header.
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

    /// Returns the usual methods and the requested one: calls may use any method.
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
        response.headers.append(HeaderField(name: .vary, value: "Origin"))
        allowShowing(request, &response)
        guard let origin = allowedOrigin(request) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlAllowCredentials] = "true"
        response.headers[.accessControlExposeHeaders] = ExposedFields.names(of: response.headers)
    }

    /// Lets a configured origin's page show the answer. An image request names its page only by the
    /// Referer, which decides nothing about the call: that has been made.
    private func allowShowing(_ request: Request, _ response: inout Response) {
        guard response.headers.contains(.crossOriginResourcePolicy),
            allowedOrigin(request) != nil || isOnAllowedPage(request)
        else { return }
        response.headers[.crossOriginResourcePolicy] = "cross-origin"
    }

    private func isOnAllowedPage(_ request: Request) -> Bool {
        guard request.headers[.origin] == nil, let referer = request.headers[.referer] else {
            return false
        }
        let page = AbsoluteURL(String(referer.prefix { $0 != "#" }))
        return page.map { settings.allowedOrigins.contains($0.origin.description) } == true
    }

    private func allowedOrigin(_ request: Request) -> String? {
        request.headers[.origin].flatMap { settings.allowedOrigins.contains($0) ? $0 : nil }
    }
}

extension HTTPField.Name {
    fileprivate static let crossOriginResourcePolicy = HTTPField.Name.known(
        "Cross-Origin-Resource-Policy")
}
