import HTTPTypes
import Web

/// The endpoint `/revoke` (RFC 7009), which ends a token; 200 also for an unknown token.
struct RevokeEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        try ProtocolCallReader(provider: provider, endpoint: "revoke").respond(to: request) {
            call throws(ProtocolError) in
            let token = try call.required("token")
            let event = try revoke(token, for: call.client.id)
            return (Response(status: .ok), ["revoke", event])
        }
    }

    private func revoke(_ token: String, for clientID: String) throws(ProtocolError) -> String {
        let event = provider.withState { state -> String? in
            if let known = state.refreshTokens[token] {
                guard known.clientID == clientID else { return nil }
                // RFC 7009 §2.1: a refresh token's revocation ends the grant's access tokens too.
                state.end(grant: known.grantID)
                return "revoke.refresh_token"
            }
            if let known = state.accessTokens[token] {
                guard known.clientID == clientID else { return nil }
                state.accessTokens[token] = nil
                if state.settings.revokeEndsGrant { state.end(grant: known.grantID) }
                return "revoke.access_token"
            }
            return "revoke.unknown"
        }
        guard let event else {
            throw ProtocolError("unauthorized_client", "the token was issued to another client")
        }
        return event
    }
}
