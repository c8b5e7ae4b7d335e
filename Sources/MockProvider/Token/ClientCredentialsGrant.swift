import Web

/// The grant `grant_type=client_credentials` (RFC 6749 §4.4).
struct ClientCredentialsGrant {
    let provider: SimulatedProvider

    func respond(
        to call: ProtocolCall
    ) throws(ProtocolError) -> (response: Response, events: [String]) {
        // RFC 6749 §4.4: for confidential clients only.
        guard call.authentication.method != "none" else {
            throw ProtocolError("unauthorized_client", "a public client has no credentials")
        }
        let settings = provider.settings
        let scope = try scope(call, settings)
        let surroundings = provider.surroundings
        let clientID = call.client.id
        let tokens = provider.withState { state -> IssuedTokens? in
            let grantID = state.makeGrant(clientID: clientID, user: nil, scope: scope)
            // RFC 6749 §4.4.3: no refresh token.
            return state.issueTokens(surroundings, grantID: grantID, withRefreshToken: false)
        }
        guard let tokens else { throw .invalidGrant("the grant is no longer valid") }
        return (tokens.response(settings), ["token.client_credentials"])
    }

    private func scope(_ call: ProtocolCall, _ settings: MockSettings) throws(ProtocolError)
        -> [String]
    {
        guard let text = call.parameters["scope"] else { return [settings.scopes.first ?? "read"] }
        guard let scope = Scope.parse(text),
            settings.scopes.isEmpty || scope.allSatisfy(settings.scopes.contains)
        else { throw ProtocolError("invalid_scope", "the scope does not exist") }
        return scope
    }
}
