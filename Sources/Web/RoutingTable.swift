import HTTPTypes

/// Methods and paths, without the handlers: that is not generic, and so the compiler makes it fast.
struct RoutingTable: Sendable {
    enum Match {
        /// The line's number.
        case found(Int, PathParameters)
        case methodNotAllowed(allowed: [HTTPRequest.Method])
        case notFound
    }

    private let lines: [(method: HTTPRequest.Method?, pattern: PathPattern)]

    init(_ lines: [(method: HTTPRequest.Method?, pattern: PathPattern)]) {
        self.lines = lines
    }

    func match(method: HTTPRequest.Method, path: String) -> Match {
        guard path.utf8.first == UInt8(ascii: "/") else { return .notFound }
        let segments = PathPattern.split(path)
        var allowed: [HTTPRequest.Method] = []
        for (number, line) in lines.enumerated() {
            guard let parameters = line.pattern.match(segments) else { continue }
            guard let named = line.method, named != method else {
                return .found(number, parameters)
            }
            if !allowed.contains(named) { allowed.append(named) }
        }
        return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed: allowed)
    }
}
