import Encoding
import Web

/// The endpoint `/introspect` (RFC 7662), which says whether a token is valid, and its use.
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

    /// Describes a token; one that is invalid or another client's gets only `active`
    /// (RFC 7662 §2.2).
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
