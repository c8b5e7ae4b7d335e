import Web

/// An endpoint of the API behind its gate, with a counter.
struct Guarded: MockEndpoint {
    let provider: SimulatedProvider
    let gate: Gate
    /// The counter for an accepted request: `api.files`.
    let event: String
    let endpoint: any MockEndpoint

    func respond(to request: Request, path: PathParameters) throws -> Response {
        switch gate.check(request, provider) {
        case .refused(let response):
            provider.count(gate == .accessToken ? "api.unauthorized" : "keyed.unauthorized")
            return response
        case .allowed:
            provider.count(event)
            return try endpoint.respond(to: request, path: path)
        }
    }
}
