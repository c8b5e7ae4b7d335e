import Encoding
import Web

/// The endpoint `/token`, which exchanges a grant for tokens (RFC 6749 §3.2).
struct ExchangeEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        try ProtocolCallReader(provider: provider, endpoint: "token").respond(to: request) {
            call throws(ProtocolError) in
            let grantType = try call.required("grant_type")
            switch grantType {
            case "authorization_code":
                return try AuthorizationCodeGrant(provider: provider).respond(to: call)
            case "refresh_token":
                return try RefreshTokenGrant(provider: provider).respond(to: call)
            case "client_credentials":
                return try ClientCredentialsGrant(provider: provider).respond(to: call)
            case JWTBearerGrant.type:
                return try JWTBearerGrant(provider: provider).respond(to: call)
            default:
                throw ProtocolError("unsupported_grant_type", "this grant_type is not known")
            }
        }
    }
}

extension IssuedTokens {
    /// Returns the answer of RFC 6749 §5.1.
    func response(_ settings: MockSettings) -> Response {
        var members: [(String, JSONValue)] = [
            ("access_token", .string(accessToken)), ("token_type", "Bearer"),
        ]
        if settings.sendExpiresIn {
            members.append(("expires_in", .integer(settings.accessTokenLifetime)))
        }
        if let refreshToken { members.append(("refresh_token", .string(refreshToken))) }
        members.append(("scope", .string(scope.joined(separator: " "))))
        return .json(.object(members))
    }
}
