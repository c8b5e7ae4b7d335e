import Encoding
import HTTPTypes

/// One line of the routing table: a method, a path pattern, and who answers.
///
/// A pattern is a path whose segments are literal, `{name}` (one segment, not empty) or, at the
/// end, `{name*}` (the rest of the path, slashes included, may be empty).
package struct Route<Handler: Sendable>: Sendable {
    package let method: HTTPRequest.Method
    package let pattern: String
    package let handler: Handler
    let segments: [Segment]

    enum Segment: Equatable, Sendable {
        case literal(Substring)
        case parameter(String)
        case rest(String)
    }

    package init(_ method: HTTPRequest.Method, _ pattern: String, _ handler: Handler) {
        self.method = method
        self.pattern = pattern
        self.handler = handler
        segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            .map { segment in
                guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
                    return .literal(segment)
                }
                let name = segment.dropFirst().dropLast()
                return name.hasSuffix("*")
                    ? .rest(String(name.dropLast())) : .parameter(String(name))
            }
    }

    /// The parameters, when the path fits; `{name}` is percent-decoded, `{name*}` stays raw.
    func match(_ path: [Substring]) -> PathParameters? {
        var parameters = PathParameters()
        for (index, segment) in segments.enumerated() {
            if case .rest(let name) = segment {
                guard index < path.count else { return nil }
                parameters[name] = path[index...].joined(separator: "/")
                return parameters
            }
            guard index < path.count else { return nil }
            switch segment {
            case .literal(let text):
                guard path[index] == text else { return nil }
            case .parameter(let name):
                guard let value = PercentEncoding.decode(path[index]), !value.isEmpty else {
                    return nil
                }
                parameters[name] = value
            case .rest:
                return nil
            }
        }
        return segments.count == path.count ? parameters : nil
    }
}

/// The values that a path gave to the `{names}` of its route.
package struct PathParameters {
    private var values: [(name: String, value: String)] = []

    package init() {}

    /// The value of a name that the route's pattern has; empty for any other.
    package subscript(name: String) -> String {
        get { values.first { $0.name == name }?.value ?? "" }
        set { values.append((name, newValue)) }
    }
}
