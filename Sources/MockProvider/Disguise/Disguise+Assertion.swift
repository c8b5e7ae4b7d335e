import Encoding

extension Disguise {
    /// A signed assertion instead of a client that proves itself (RFC 7523 §2.1 and §3).
    func checkAssertion(_ given: inout GivenParameters) throws(Refusal) {
        let said = entry.json["assertion"]
        let claims = try claims(of: given.need("assertion", rule: "grant"), rule: "grant")
        let wanted = [
            ("iss", said?["issuer"]?.stringValue ?? clientID),
            ("sub", said?["subject"]?.stringValue),
            ("aud", said?["audience"]?.stringValue ?? tokenURL),
        ]
        for (name, value) in wanted
        where claims[name]?.stringValue != value.map({ entry.filled($0) }) {
            throw .broken(rule: "assertion", "'\(name)' must be \(value ?? "absent")")
        }
        if said?["scope"]?.stringValue == "parameter" {
            try checkScope(&given)
        } else if claims["scope"]?.stringValue != entry.scope {
            throw .broken(rule: "scope", "the assertion does not ask for it")
        }
        if rejectsClient { throw .code("invalid_grant") }
    }

    /// `private_key_jwt`: the client proves itself by an assertion (RFC 7523 §2.2).
    func checkClientAssertion(_ given: inout GivenParameters, rule: String) throws(Refusal) {
        try given.need(
            "client_assertion_type",
            is: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", rule: rule)
        let claims = try claims(of: given.need("client_assertion", rule: rule), rule: rule)
        for id in given.take("client_id") where id != clientID {
            throw .broken(rule: "clientId", "another client's id")
        }
        let audiences = [tokenURL, entry.text("issuer")].compactMap(\.self)
        guard claims["iss"]?.stringValue == clientID, claims["sub"]?.stringValue == clientID,
            audiences.contains(claims["aud"]?.stringValue ?? "")
        else { throw .broken(rule: rule, "the assertion is not the client's for this provider") }
    }

    private var tokenURL: String? { entry.text("tokenUri").map { entry.filled($0) } }

    /// What an assertion says that the client signed, and that lives for an hour at most.
    private func claims(of text: String, rule: String) throws(Refusal) -> JSONValue {
        guard let token = JSONWebToken(text) else {
            throw .broken(rule: rule, "the assertion is no JSON Web Token")
        }
        guard let key = clientKey, token.isSigned(by: key) else {
            throw .broken(rule: rule, "the assertion is not signed with the client's key")
        }
        guard let from = token.claims["iat"]?.intValue, let until = token.claims["exp"]?.intValue,
            (1...3_600).contains(until - from), token.claims["jti"]?.stringValue != nil
        else { throw .broken(rule: rule, "the assertion lives for more than an hour, or for ever") }
        return token.claims
    }
}
