import Encoding
import HTTPTypes
import Web

/// The endpoint `/authorize`, which asks the user, or approves at once if the settings say so
/// (RFC 6749 §3.1).
struct AuthorizationEndpoint: MockEndpoint {
    let provider: SimulatedProvider
    let pages: Pages

    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard let form = try form(of: request) else {
            provider.count("authorize.refused")
            return pages.refused("The parameters are not well encoded.")
        }
        let settings = provider.settings
        do {
            let authorization = try ReceivedAuthorizationRequest(
                Parameters(form), settings: settings)
            provider.count("authorize")
            return try ask(authorization, settings: settings)
        } catch .page(let text) {
            provider.count("authorize.refused")
            return pages.refused(text)
        } catch .redirect(let target, let error) {
            provider.count("authorize.error.\(error.code)")
            return target.redirect(error, settings: settings)
        }
    }

    /// Reads the parameters of a GET, or of a POST, which servers may support (RFC 6749 §3.1).
    private func form(of request: Request) throws -> Form? {
        if request.method == .post {
            return Form(
                encoded: String(decoding: try request.body.collect(upTo: 65_536), as: UTF8.self))
        }
        return request.queryForm
    }

    private func ask(
        _ authorization: ReceivedAuthorizationRequest, settings: MockSettings
    ) throws(AuthorizationRefusal) -> Response {
        let answering = AuthorizationAnswer(provider: provider)
        if let decision = nextDecision() {
            return answering.respond(to: authorization, decision, status: .found)
        }
        if authorization.prompts.contains(.silent) {
            return answering.respond(
                to: authorization, try silentDecision(authorization), status: .found)
        }
        let id = provider.surroundings.randomToken()
        let expiresAt = provider.surroundings.now() + 600_000
        provider.withState {
            $0.pending[id] = AwaitedConsent(request: authorization, expiresAt: expiresAt)
        }
        return pages.authorization(authorization, id: id, users: settings.users)
    }

    private func silentDecision(
        _ authorization: ReceivedAuthorizationRequest
    ) throws(AuthorizationRefusal) -> Decision {
        let outcome = provider.withState { state -> Result<Decision, ProtocolError> in
            do throws(ProtocolError) {
                return .success(try SilentAnswer.decision(on: authorization, state))
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case .success(let decision): return decision
        case .failure(let error): throw .redirect(authorization.target, error)
        }
    }

    /// Returns the decision ordered through the control endpoint, else the one of `autoApprove`.
    private func nextDecision() -> Decision? {
        provider.withState { state in
            if !state.decisions.isEmpty { return state.decisions.removeFirst() }
            return state.settings.autoApprove ? Decision(isApproved: true) : nil
        }
    }
}
