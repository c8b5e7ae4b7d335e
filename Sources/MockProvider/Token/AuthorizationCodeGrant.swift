import Web

/// The grant `grant_type=authorization_code` (RFC 6749 §4.1.3).
struct AuthorizationCodeGrant {
    let provider: SimulatedProvider

    func respond(
        to call: ProtocolCall
    ) throws(ProtocolError) -> (response: Response, events: [String]) {
        let code = try call.required("code")
        let surroundings = provider.surroundings
        let outcome: Result<Response, ProtocolError> = provider.withState { state in
            do throws(ProtocolError) {
                let tokens = try Self.exchange(code, call, surroundings, &state)
                return .success(tokens.response(state.settings))
            } catch {
                return .failure(error)
            }
        }
        return (try outcome.get(), ["token.authorization_code"])
    }

    private static func exchange(
        _ code: String, _ call: ProtocolCall, _ surroundings: Surroundings,
        _ state: inout ProviderState
    ) throws(ProtocolError) -> IssuedTokens {
        guard let issued = state.codes[code], issued.clientID == call.client.id else {
            throw .invalidGrant("the code is unknown")
        }
        try refuseReplay(issued, &state)
        guard issued.expiresAt > surroundings.now() else {
            throw .invalidGrant("the code has expired")
        }
        try check(issued, call)
        let grantID = state.makeGrant(
            clientID: issued.clientID, user: issued.user, scope: issued.scope)
        state.codes[code]?.grantID = grantID
        guard
            let tokens = state.issueTokens(surroundings, grantID: grantID, withRefreshToken: true)
        else { throw .invalidGrant("the grant is no longer valid") }
        return tokens
    }

    /// Refuses a code that is used twice, and ends its grant (RFC 6749 §4.1.2, RFC 9700 §4.5).
    private static func refuseReplay(
        _ issued: AuthorizationCode, _ state: inout ProviderState
    ) throws(ProtocolError) {
        guard let grantID = issued.grantID else { return }
        state.count("code.replayed")
        state.end(grant: grantID)
        throw .invalidGrant("the code was used before; what it gave is revoked")
    }

    private static func check(
        _ issued: AuthorizationCode, _ call: ProtocolCall
    ) throws(ProtocolError) {
        // RFC 6749 §4.1.3: required and identical if the authorization request had one.
        guard call.parameters["redirect_uri"] == issued.redirectURI else {
            throw .invalidGrant("redirect_uri is not that of the authorization request")
        }
        switch (issued.codeChallenge, call.parameters["code_verifier"]) {
        case (nil, nil):
            return
        case (nil, _?):
            // RFC 9700 §4.8.2: else an attacker could remove the challenge unnoticed.
            throw .invalidGrant("there is a code_verifier, but there was no code_challenge")
        case (_?, nil):
            throw .invalidGrant("code_verifier is missing")
        case (let challenge?, let verifier?):
            guard PKCE.verify(verifier, challenge: challenge) else {
                throw .invalidGrant("code_verifier does not fit the code_challenge")
            }
        }
    }
}
