import HTTPTypes
import Web

/// The endpoint `/api/redirect?to=&status=`: a redirect to the text in `to`, sent as it is.
struct RedirectEndpoint: MockEndpoint {
    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard let status = request.number("status", in: 300...399, default: 302) else {
            return APIError.badRequest("status must be 300 to 399")
        }
        return .redirect(
            to: request.queryForm?["to"] ?? "/api/1k", status: HTTPResponse.Status(code: status))
    }
}
