import HTTPTypes

/// Finds the route for a request by its method and its raw path.
package struct Router<Handler: Sendable>: Sendable {
    /// The result of a look-up.
    package enum Match {
        case found(Route<Handler>, PathParameters)
        /// The path exists, for these methods.
        case methodNotAllowed(allowed: [HTTPRequest.Method])
        case notFound
    }

    private let table: RoutingTable
    private let routes: [Route<Handler>]

    /// - Parameter routes: The table; the first route that fits wins.
    package init(_ routes: [Route<Handler>]) {
        table = RoutingTable(routes.map { ($0.method, PathPattern($0.pattern)) })
        self.routes = routes
    }

    package func match(method: HTTPRequest.Method, path: String) -> Match {
        switch table.match(method: method, path: path) {
        case .found(let number, let parameters): .found(routes[number], parameters)
        case .methodNotAllowed(let allowed): .methodNotAllowed(allowed: allowed)
        case .notFound: .notFound
        }
    }
}
