import Web

/// Whoever answers the requests to one path.
protocol Endpoint: Sendable {
    func respond(to request: Request, path: PathParameters) throws -> Response
}
