import Encoding
import Web

/// The grant `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523 §2.1).
struct JWTBearerGrant {
    static let type = "urn:ietf:params:oauth:grant-type:jwt-bearer"

    let provider: SimulatedProvider

    /// Returns the client that the grant's assertion names (RFC 7521 §4.1), not yet verified; `nil`
    /// for another grant, and where the client proves itself.
    static func client(_ parameters: Parameters, _ settings: MockSettings) throws(ProtocolError)
        -> RegisteredClient?
    {
        guard parameters["grant_type"] == type, parameters["client_secret"] == nil,
            parameters["client_assertion"] == nil, let text = parameters["assertion"]
        else { return nil }
        guard let issuer = ReceivedToken(text)?.claims["iss"]?.stringValue,
            let client = settings.clients.first(where: { $0.id == issuer })
        else { throw .invalidGrant("the assertion's iss is not registered") }
        if let id = parameters["client_id"], id != issuer {
            throw .invalidRequest("client_id and the assertion name two clients")
        }
        return client
    }

    func respond(
        to call: ProtocolCall
    ) throws(ProtocolError) -> (response: Response, events: [String]) {
        guard let token = ReceivedToken(try call.required("assertion")) else {
            throw .invalidGrant("the assertion is no JSON Web Token")
        }
        let check = AssertionCheck(at: provider, by: call.client.id, longest: 3_600) {
            .invalidGrant($0)
        }
        let claims = try check.claims(of: token, at: provider)
        let settings = provider.settings
        let user = try user(claims, settings)
        let scope = try scope(claims, call, settings)
        let surroundings = provider.surroundings
        let clientID = call.client.id
        let tokens = provider.withState { state -> IssuedTokens? in
            let grantID = state.makeGrant(clientID: clientID, user: user, scope: scope)
            // RFC 7521 §4.1: no refresh token; a new assertion gets a new token.
            return state.issueTokens(surroundings, grantID: grantID, withRefreshToken: false)
        }
        guard let tokens else { throw .invalidGrant("the grant is no longer valid") }
        return (tokens.response(settings), ["token.jwt_bearer"])
    }

    /// Returns the user for whom the tokens are; `nil` for the issuer itself.
    private func user(_ claims: JSONValue, _ settings: MockSettings) throws(ProtocolError)
        -> String?
    {
        guard let subject = claims["sub"], subject != claims["iss"] else { return nil }
        guard let user = subject.stringValue, settings.users.contains(user) else {
            throw .invalidGrant("the assertion's sub is no user")
        }
        return user
    }

    /// Returns the scope from the claim, as at Google, or else from the parameter (RFC 7521 §4.1).
    private func scope(
        _ claims: JSONValue, _ call: ProtocolCall, _ settings: MockSettings
    ) throws(ProtocolError) -> [String] {
        guard let text = claims["scope"]?.stringValue ?? call.parameters["scope"] else {
            return [settings.scopes.first ?? "read"]
        }
        guard let scope = Scope.parse(text),
            settings.scopes.isEmpty || scope.allSatisfy(settings.scopes.contains)
        else { throw ProtocolError("invalid_scope", "the scope does not exist") }
        return scope
    }
}
