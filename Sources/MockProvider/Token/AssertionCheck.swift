import Encoding

/// What an assertion must be and say to be believed (RFC 7523 §3).
struct AssertionCheck {
    let provider: Provider
    /// How far ahead it may expire, in seconds.
    let longest: Int
    /// Makes the error of what is wrong.
    let refuse: (String) -> OAuthError

    /// How wrong the issuer's clock may be, in seconds.
    private static let leeway = 10

    /// The claims of an assertion that the client signed, and that was not used before.
    func claims(of token: JSONWebToken, by clientID: String) throws(OAuthError) -> JSONValue {
        guard let key = provider.settings.clientKeys[clientID] else {
            throw refuse("no public key is registered for the client")
        }
        guard token.isSigned(by: key) else {
            throw refuse("the assertion's signature is not the registered key's")
        }
        guard token.claims["iss"]?.stringValue == clientID else {
            throw refuse("the assertion's iss is not the client")
        }
        try checkAudience(token.claims)
        let expiry = try checkTimes(token.claims)
        try useUp(token.claims, clientID, until: expiry)
        return token.claims
    }

    /// RFC 7523 §3: the issuer, or the token endpoint's URL; nobody else may be named beside it.
    private func checkAudience(_ claims: JSONValue) throws(OAuthError) {
        let issuer = provider.settings.issuer
        guard let audience = claims["aud"]?.stringValue,
            [issuer, issuer + "/token"].contains(audience)
        else { throw refuse("the assertion's aud is not this provider alone") }
    }

    /// - Returns: When it expires, in seconds since 1970.
    private func checkTimes(_ claims: JSONValue) throws(OAuthError) -> Int {
        let now = Int(provider.surroundings.now() / 1_000)
        guard let expiry = claims["exp"]?.intValue, expiry > now else {
            throw refuse("the assertion has expired, or does not say when it does")
        }
        let issued = try time("iat", claims) ?? now
        guard expiry <= min(issued, now) + longest + Self.leeway else {
            throw refuse("the assertion lives longer than \(longest) seconds")
        }
        let begin = max(issued, try time("nbf", claims) ?? issued)
        guard begin <= now + Self.leeway else { throw refuse("the assertion is not valid yet") }
        return expiry
    }

    private func time(_ name: String, _ claims: JSONValue) throws(OAuthError) -> Int? {
        guard let value = claims[name] else { return nil }
        guard let seconds = value.intValue, (0...1_000_000_000_000).contains(seconds) else {
            throw refuse("the assertion's \(name) is no time")
        }
        return seconds
    }

    /// RFC 7523 §3: each assertion once.
    private func useUp(
        _ claims: JSONValue, _ clientID: String, until expiry: Int
    ) throws(OAuthError) {
        guard let id = claims["jti"]?.stringValue, !id.isEmpty else {
            throw refuse("the assertion has no jti")
        }
        let isNew = provider.withState { state in
            guard state.assertions["\(clientID) \(id)"] == nil else {
                state.count("assertion.replayed")
                return false
            }
            state.assertions["\(clientID) \(id)"] = Int64(expiry) * 1_000
            return true
        }
        guard isNew else { throw refuse("the assertion was used before") }
    }
}
