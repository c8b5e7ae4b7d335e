import Encoding
import HTTPTypes
import Web

/// The errors of the API.
enum APIError {
    static func response(_ status: HTTPResponse.Status, _ message: String) -> Response {
        .json(["error": .string(message)], status: status)
    }

    static func badRequest(_ message: String) -> Response {
        response(.badRequest, message)
    }
}

extension Request {
    /// Reads a whole number in the query within the bounds; the default when it is absent, `nil`
    /// for any other value.
    func number(_ name: String, in bounds: ClosedRange<Int>, default value: Int) -> Int? {
        guard let text = queryForm?[name] else { return value }
        return Int(text).flatMap { bounds.contains($0) ? $0 : nil }
    }
}
