import HTTPTypes
import Web

/// The entrance to a disguised provider, at every host but the mock provider's own.
struct DisguiseStage: Sendable {
    let provider: SimulatedProvider

    /// - Returns: `nil` when the request is not for the disguised provider.
    func respond(to request: Request) throws -> Response? {
        guard provider.withState({ $0.disguise != nil }),
            let host = HTTPField.Name("Host").flatMap({ request.headers[$0] }),
            !provider.settings.issuer.hasSuffix("://" + host)
        else { return nil }
        let surroundings = provider.surroundings
        let disguised = try DisguisedRequest(request, host: host, at: surroundings.now())
        return provider.withState { $0.disguise?.respond(to: disguised, surroundings) }
    }
}
