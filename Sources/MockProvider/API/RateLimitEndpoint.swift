import Encoding
import HTTPTypes
import Web

/// The endpoint `/api/ratelimit?retryAfter=&status=&first=&key=`: 429, always, or only for the
/// first requests with a key. `retryAfter` is sent as it is; empty leaves the field out.
struct RateLimitEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard let status = request.number("status", in: 400...599, default: 429),
            let first = request.number("first", in: 0...1_000_000, default: .max)
        else { return APIError.badRequest("status or first is not a number that is allowed") }
        let key = request.queryForm?["key"] ?? ""
        let attempt = provider.withState { state in
            state.rateLimited[key, default: 0] += 1
            return state.rateLimited[key, default: 0]
        }
        if attempt > first { return .json(["attempt": .integer(attempt)]) }
        var response = Response.json(
            ["error": "too many requests", "attempt": .integer(attempt)],
            status: HTTPResponse.Status(code: status))
        let retryAfter = request.queryForm?["retryAfter"] ?? "1"
        if !retryAfter.isEmpty { response.headers[.retryAfter] = retryAfter }
        return response
    }
}
