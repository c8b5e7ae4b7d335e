import HTTPTypes
import Web

/// The answer to an authorization request that is decided (RFC 6749 §4.1.2).
struct AuthorizationAnswer {
    let provider: SimulatedProvider

    func respond(
        to authorization: ReceivedAuthorizationRequest, _ decision: Decision,
        status: HTTPResponse.Status
    ) -> Response {
        let settings = provider.settings
        guard decision.isApproved else {
            provider.count("authorize.denied")
            return authorization.target.redirect(
                ProtocolError(decision.error, "the user said no"), settings: settings,
                status: status)
        }
        let user = decision.user ?? authorization.loginHint ?? settings.users.first ?? "alice"
        let code = issueCode(authorization, user: user, settings: settings)
        return authorization.target.redirect(
            [("code", code)], settings: settings, status: status)
    }

    private func issueCode(
        _ authorization: ReceivedAuthorizationRequest, user: String, settings: MockSettings
    ) -> String {
        let code = "mock-code-" + provider.surroundings.randomToken()
        let granted = settings.grantedScope.flatMap(Scope.parse) ?? authorization.scope
        let issued = AuthorizationCode(
            clientID: authorization.clientID, user: user, scope: granted,
            redirectURI: authorization.redirectURI, codeChallenge: authorization.codeChallenge,
            expiresAt: provider.surroundings.now() + Int64(settings.codeLifetime) * 1_000)
        provider.withState { state in
            state.count("authorize.approved")
            state.codes[code] = issued
        }
        return code
    }
}
