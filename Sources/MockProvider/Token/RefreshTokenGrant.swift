import Web

/// The grant `grant_type=refresh_token` (RFC 6749 §6, RFC 9700 §4.14).
struct RefreshTokenGrant {
    let provider: SimulatedProvider

    func respond(
        to call: ProtocolCall
    ) throws(ProtocolError) -> (response: Response, events: [String]) {
        let token = try call.required("refresh_token")
        let surroundings = provider.surroundings
        let outcome: Result<Response, ProtocolError> = provider.withState { state in
            do throws(ProtocolError) {
                let tokens = try Self.refresh(token, call, surroundings, &state)
                return .success(tokens.response(state.settings))
            } catch {
                return .failure(error)
            }
        }
        return (try outcome.get(), ["token.refresh_token"])
    }

    private static func refresh(
        _ token: String, _ call: ProtocolCall, _ surroundings: Surroundings,
        _ state: inout ProviderState
    ) throws(ProtocolError) -> IssuedTokens {
        guard let known = state.refreshTokens[token], known.clientID == call.client.id,
            let grant = state.grants[known.grantID]
        else { throw .invalidGrant("the refresh token is unknown, revoked or another client's") }
        if let expiresAt = known.expiresAt, expiresAt <= surroundings.now() {
            throw .invalidGrant("the refresh token has expired")
        }
        try refuseReuse(known, surroundings, &state)
        let scope = try scope(call, grant)
        return IssuedTokens(
            accessToken: state.issueAccessToken(surroundings, grant: grant, scope: scope),
            refreshToken: next(after: token, grant, surroundings, &state), scope: scope)
    }

    private static func refuseReuse(
        _ known: RefreshToken, _ surroundings: Surroundings, _ state: inout ProviderState
    ) throws(ProtocolError) {
        guard let replacedAt = known.replacedAt else { return }
        if surroundings.now() < replacedAt + Int64(state.settings.gracePeriod) * 1_000 {
            state.count("refresh.grace")
            return
        }
        state.count("refresh.reused")
        guard state.settings.reuseDetection else {
            throw .invalidGrant("the refresh token was used before")
        }
        state.end(grant: known.grantID)
        throw .invalidGrant("the refresh token was used before; the whole grant is revoked")
    }

    /// Returns the scope of the new token: at most the grant's, and all of it without a parameter
    /// (RFC 6749 §6).
    private static func scope(_ call: ProtocolCall, _ grant: IssuedGrant) throws(ProtocolError)
        -> [String]
    {
        guard let text = call.parameters["scope"] else { return grant.scope }
        guard let scope = Scope.parse(text), scope.allSatisfy(grant.scope.contains) else {
            throw ProtocolError("invalid_scope", "the scope is wider than what was granted")
        }
        return scope
    }

    /// Returns the refresh token of the answer.
    private static func next(
        after token: String, _ grant: IssuedGrant, _ surroundings: Surroundings,
        _ state: inout ProviderState
    ) -> String? {
        switch state.settings.rotation {
        case .off: return nil
        case .same: return token
        case .on:
            // Within the grace period the answer repeats the successor that exists already.
            if state.refreshTokens[token]?.replacedAt != nil { return grant.refreshTokens.last }
            state.refreshTokens[token]?.replacedAt = surroundings.now()
            return state.issueRefreshToken(surroundings, grant: grant)
        }
    }
}
