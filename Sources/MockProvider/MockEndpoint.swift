import Web

/// An endpoint that answers the requests to one path.
protocol MockEndpoint: Sendable {
    func respond(to request: Request, path: PathParameters) throws -> Response
}
