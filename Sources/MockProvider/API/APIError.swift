import Encoding
import HTTPTypes
import Web

/// The API's own errors.
enum APIError {
    static func response(_ status: HTTPResponse.Status, _ message: String) -> Response {
        .json(["error": .string(message)], status: status)
    }

    static func badRequest(_ message: String) -> Response {
        response(.badRequest, message)
    }
}

extension Request {
    /// A whole number in the query within those bounds; the default when it is absent, `nil` when
    /// it is anything else.
    func number(_ name: String, in bounds: ClosedRange<Int>, default value: Int) -> Int? {
        guard let text = queryForm?[name] else { return value }
        return Int(text).flatMap { bounds.contains($0) ? $0 : nil }
    }
}
