import Encoding

extension Disguise {
    /// Checks the signed assertion of a grant, for which no client proves itself (RFC 7523 §2.1
    /// and §3).
    mutating func checkAssertion(
        _ request: DisguisedRequest, _ given: inout GivenParameters
    ) throws(Refusal) {
        let said = entry.json["assertion"]
        let issuer = said?["issuer"]?.stringValue.map { entry.filled($0) } ?? clientID
        let audience = said?["audience"]?.stringValue.map { entry.filled($0) } ?? tokenURL
        let claims = try claims(
            of: given.need("assertion", rule: "grant"), by: issuer, for: audience,
            longest: 3_600, request, rule: "assertion")
        let subject = said?["subject"]?.stringValue.map { entry.filled($0) }
        guard claims["sub"]?.stringValue == subject else {
            throw .broken(rule: "assertion", "'sub' must be \(subject ?? "absent")")
        }
        if said?["scope"]?.stringValue == "parameter" {
            try checkScope(&given)
        } else if claims["scope"]?.stringValue != entry.scope {
            throw .broken(rule: "scope", "the assertion does not ask for it")
        }
        if rejectsClient { throw .code("invalid_grant") }
    }

    /// Checks the assertion of `private_key_jwt` (RFC 7523 §2.2). Its audience is the issuer alone,
    /// or the token endpoint where no issuer is known.
    mutating func checkClientAssertion(
        _ request: DisguisedRequest, _ given: inout GivenParameters, rule: String
    ) throws(Refusal) {
        try given.need(
            "client_assertion_type",
            is: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", rule: rule)
        let claims = try claims(
            of: given.need("client_assertion", rule: rule), by: clientID,
            for: entry.text("issuer").map { entry.filled($0) } ?? tokenURL, longest: 300, request,
            rule: rule)
        for id in given.take("client_id") where id != clientID {
            throw .broken(rule: "clientId", "another client's id")
        }
        guard claims["sub"]?.stringValue == clientID else {
            throw .broken(rule: rule, "the assertion's sub is not the client")
        }
    }

    private var tokenURL: String? { entry.text("tokenUri").map { entry.filled($0) } }

    /// Returns the claims of an assertion that the client signed and did not use before.
    private mutating func claims(
        of text: String, by issuer: String, for audience: String?, longest: Int,
        _ request: DisguisedRequest, rule: String
    ) throws(Refusal) -> JSONValue {
        guard let token = ReceivedToken(text), token.claims["iat"] != nil else {
            throw .broken(rule: rule, "the assertion is no JSON Web Token with an iat")
        }
        let check = AssertionCheck<Refusal>(
            key: clientKey, issuer: issuer, audiences: audience.map { [$0] } ?? [],
            longest: longest, now: Int(request.at / 1_000)
        ) { .broken(rule: rule, $0) }
        return try check.claims(of: token) { assertions.use($0, of: issuer, until: $1) }
    }
}
