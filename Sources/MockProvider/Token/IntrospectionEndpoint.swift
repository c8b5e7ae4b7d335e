import Encoding
import Web

/// `/introspect` (RFC 7662): whether a token lives, and what it is for.
struct IntrospectionEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        try ProtocolCallReader(provider: provider, endpoint: "introspect").respond(to: request) {
            call throws(ProtocolError) in
            guard call.authentication.method != "none" else {
                throw .invalidClient("a public client may not look into tokens")
            }
            let answer = describe(try call.required("token"), for: call.client.id)
            return (.json(answer), ["introspect"])
        }
    }

    /// RFC 7662 §2.2: nothing but `active` about a token that is dead or another client's.
    private func describe(_ token: String, for clientID: String) -> JSONValue {
        let now = provider.surroundings.now()
        return provider.withState { state in
            if let known = state.living(accessToken: token, at: now), known.clientID == clientID {
                return [
                    "active": true, "client_id": .string(clientID), "token_type": "Bearer",
                    "username": .string(orNull: known.user),
                    "scope": .string(known.scope.joined(separator: " ")),
                    "exp": .integer(known.expiresAt / 1_000),
                ]
            }
            if let known = state.refreshTokens[token], known.clientID == clientID,
                known.replacedAt == nil, (known.expiresAt ?? .max) > now
            {
                return ["active": true, "client_id": .string(clientID)]
            }
            return ["active": false]
        }
    }
}
