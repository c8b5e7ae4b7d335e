import Encoding
import Web

extension Disguise {
    /// Answers at the token endpoint. Tokens are refreshed here too, unless the entry has another
    /// address for that.
    mutating func exchange(
        _ request: DisguisedRequest, _ surroundings: Surroundings
    ) throws(Refusal) -> Response {
        var given = try tokenParameters(request, at: "tokenUri")
        let grantType = try given.need("grant_type", rule: "grant")
        if grantType == refreshGrantType, entry.text("refresh", "uri") == nil {
            return try renew(request, given, surroundings)
        }
        try given.need(entry.fields(entry.json["tokenParameters"]), rule: "tokenParameters")
        try checkResources(&given)
        switch (grantType, entry.grant) {
        case ("authorization_code", "authorization_code"):
            try checkTokenClient(request, &given)
            try redeemCode(&given)
        case ("client_credentials", "client_credentials"):
            try checkTokenClient(request, &given)
            try checkScope(&given)
        case ("urn:ietf:params:oauth:grant-type:jwt-bearer", "jwt_bearer"):
            try checkAssertion(request, &given)
        default:
            throw .broken(rule: "grant", "'\(grantType)' is not the grant '\(entry.grant)'")
        }
        try given.finish(rule: "tokenParameters")
        // Without a user, a second request for a token takes the place of a refresh.
        let isRenewal = entry.grant != "authorization_code" && tokens.access != nil
        if isRenewal { tokens.renewals += 1 }
        return issue(to: request, surroundings, isRenewal: isRenewal)
    }

    /// Returns the parameters of a token request, after checking the rest of the request.
    func tokenParameters(
        _ request: DisguisedRequest, at field: String
    ) throws(Refusal) -> GivenParameters {
        guard request.method == "POST" else { throw .broken(rule: field, "only POST") }
        let address = entry.text("refresh", "uri").flatMap { EntryAddress(entry.filled($0)) }
        let own = (field == "refresh.uri" ? address : entry.address("tokenUri"))?.query.fields ?? []
        var query = GivenParameters(request.query.fields)
        try query.need(own, rule: field)
        try query.finish(rule: field)
        for header in entry.fields(entry.json["tokenHeaders"]) {
            guard request.header(header.name) == header.value else {
                throw .broken(rule: "tokenHeaders", "\(header.name) must be '\(header.value)'")
            }
        }
        let format = entry.text("tokenFormat") ?? "form"
        return GivenParameters(try request.fields(as: format, rule: "tokenFormat"))
    }

    mutating func checkTokenClient(
        _ request: DisguisedRequest, _ given: inout GivenParameters
    ) throws(Refusal) {
        try checkClient(
            entry.clientAuthentication, request, &given, rule: "clientAuthentication")
        if rejectsClient { throw .code("invalid_client") }
    }

    /// Redeems the authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5).
    private mutating func redeemCode(_ given: inout GivenParameters) throws(Refusal) {
        let text = try given.need("code", rule: "grant")
        try given.need("redirect_uri", is: redirectURI, rule: "redirect")
        if entry.sendsChallenge {
            let verifier = try given.need("code_verifier", rule: "pkce")
            guard PKCE.verify(verifier, challenge: code?.challenge ?? "") else {
                throw .broken(rule: "pkce", "the verifier does not fit the challenge")
            }
        }
        guard let code, code.text == text else { throw .code("invalid_grant") }
        self.code = nil
    }

    func checkScope(_ given: inout GivenParameters) throws(Refusal) {
        guard let scope = entry.scope else { return }
        try given.need(
            entry.text("scopeParameter") ?? "scope", is: scope, rule: "scope, scopeSeparator")
    }
}
