import Web

/// A type that answers the requests to one path.
protocol MockEndpoint: Sendable {
    func respond(to request: Request, path: PathParameters) throws -> Response
}
