import Encoding
import HTTPTypes
import Web

/// An endpoint in front of another one, which spoils its answers when that was ordered.
struct Saboteur: MockEndpoint {
    let provider: SimulatedProvider
    /// The name of the endpoint in ``Failure/endpoint``.
    let name: String
    let endpoint: any MockEndpoint

    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard provider.withState({ !$0.failures.isEmpty }) else {
            return try endpoint.respond(to: request, path: path)
        }
        let (request, grantType) = try Self.peek(request, isToken: name == "token")
        guard let failure = take(grantType) else {
            return try endpoint.respond(to: request, path: path)
        }
        let spoiler = Spoiler(provider: provider, client: request.client)
        if failure.mode.needsAnswer || failure.isAfterEffect {
            if case .delay(let milliseconds) = failure.mode, !failure.isAfterEffect {
                try spoiler.wait(milliseconds)
                return try endpoint.respond(to: request, path: path)
            }
            let answer = try endpoint.respond(to: request, path: path)
            return try spoiler.spoil(answer, failure.mode)
        }
        return try spoiler.spoil(Response(status: .ok), failure.mode)
    }

    /// Takes the next failure for this request, and counts one of its answers as used.
    private func take(_ grantType: String?) -> Failure? {
        let name = name
        return provider.withState { state in
            guard
                let index = state.failures.firstIndex(where: {
                    $0.endpoint == name && ($0.grantType == nil || $0.grantType == grantType)
                })
            else { return nil }
            let failure = state.failures[index]
            state.failures[index].remaining -= 1
            if state.failures[index].remaining == 0 { state.failures.remove(at: index) }
            state.count("failed.\(name)")
            return failure
        }
    }

    /// Reads the body of a request on which the order may depend.
    private static func peek(
        _ request: Request, isToken: Bool
    ) throws -> (Request, grantType: String?) {
        guard isToken, let bytes = try? request.body.collect(upTo: 65_536) else {
            return (request, nil)
        }
        var request = request
        request.body = BytesBody(bytes)
        return (request, Form(encoded: String(decoding: bytes, as: UTF8.self))?["grant_type"])
    }
}
