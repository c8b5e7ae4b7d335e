import HTTPTypes

/// Finds the route for a request by its method and its raw path.
package struct Router<Handler: Sendable>: Sendable {
    /// What a look-up found.
    package enum Match {
        case found(Handler, PathParameters)
        /// The path exists, for these methods.
        case methodNotAllowed(allowed: [HTTPRequest.Method])
        case notFound
    }

    private let routes: [Route<Handler>]

    /// - Parameter routes: The table; the first route that fits wins.
    package init(_ routes: [Route<Handler>]) {
        self.routes = routes
    }

    package func match(method: HTTPRequest.Method, path: String) -> Match {
        guard path.utf8.first == UInt8(ascii: "/") else { return .notFound }
        // By bytes: for Swift, '/' and a combining accent behind it are one character.
        let segments = path.utf8.dropFirst()
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Substring($0) }
        var allowed: [HTTPRequest.Method] = []
        for route in routes {
            guard let parameters = route.match(segments) else { continue }
            if route.method == method { return .found(route.handler, parameters) }
            if !allowed.contains(route.method) { allowed.append(route.method) }
        }
        return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed: allowed)
    }
}
