import Encoding

/// A check of an assertion's signature and claims (RFC 7523 §3).
struct AssertionCheck<Failure: Error> {
    /// The key that verifies the signature; `nil` when none is registered.
    let key: RegisteredKey?
    /// The issuer that the assertion must name.
    let issuer: String
    /// The names of this provider; the assertion may name no other audience beside it.
    let audiences: [String]
    /// The longest time until the assertion expires, in seconds.
    let longest: Int
    /// The present time, in seconds since 1970.
    let now: Int
    /// Makes the error from a description of the problem.
    let refuse: (String) -> Failure

    /// The seconds by which the issuer's clock may be wrong.
    private var leeway: Int { 10 }

    /// Returns the claims of an assertion that the client signed.
    ///
    /// - Parameter use: Takes the assertion's id and its expiry, in seconds since 1970; returns
    ///   whether the id is new.
    func claims(
        of token: ReceivedToken, use: (_ id: String, _ expiry: Int) -> Bool
    ) throws(Failure) -> JSONValue {
        guard let key else { throw refuse("no public key is registered for the client") }
        guard token.isSigned(by: key) else {
            throw refuse("the assertion's signature is not the registered key's")
        }
        guard token.claims["iss"]?.stringValue == issuer else {
            throw refuse("the assertion's iss is not the client")
        }
        guard let audience = token.claims["aud"]?.stringValue, audiences.contains(audience) else {
            throw refuse("the assertion's aud is not this provider alone")
        }
        let expiry = try checkTimes(token.claims)
        // RFC 7523 §3: each assertion may be used once.
        guard let id = token.claims["jti"]?.stringValue, !id.isEmpty else {
            throw refuse("the assertion has no jti")
        }
        guard use(id, expiry) else { throw refuse("the assertion was used before") }
        return token.claims
    }

    /// - Returns: The expiry of the assertion, in seconds since 1970.
    private func checkTimes(_ claims: JSONValue) throws(Failure) -> Int {
        guard let expiry = claims["exp"]?.intValue, expiry > now else {
            throw refuse("the assertion has expired, or does not say when it does")
        }
        let issued = try time("iat", claims)
        guard expiry <= now + longest + leeway, expiry <= (issued ?? now) + longest else {
            throw refuse("the assertion is valid for longer than \(longest) seconds")
        }
        let begin = max(issued ?? now, try time("nbf", claims) ?? 0)
        guard begin <= now + leeway else { throw refuse("the assertion is not valid yet") }
        return expiry
    }

    private func time(_ name: String, _ claims: JSONValue) throws(Failure) -> Int? {
        guard let value = claims[name] else { return nil }
        guard let seconds = value.intValue, (0...1_000_000_000_000).contains(seconds) else {
            throw refuse("the assertion's \(name) is no time")
        }
        return seconds
    }
}

extension AssertionCheck<ProtocolError> {
    /// Makes the check that the mock provider itself demands.
    init(
        at provider: SimulatedProvider, by clientID: String, longest: Int,
        refuse: @escaping (String) -> ProtocolError
    ) {
        let settings = provider.settings
        self.init(
            key: settings.clientKeys[clientID], issuer: clientID,
            audiences: [settings.issuer, settings.issuer + "/token"], longest: longest,
            now: Int(provider.surroundings.now() / 1_000), refuse: refuse)
    }

    /// Returns the claims of an assertion that was not used before at the provider.
    func claims(of token: ReceivedToken, at provider: SimulatedProvider) throws(ProtocolError)
        -> JSONValue
    {
        try claims(of: token) { id, expiry in
            provider.withState { state in
                let isNew = state.assertions.use(id, of: issuer, until: expiry)
                if !isNew { state.count("assertion.replayed") }
                return isNew
            }
        }
    }
}

/// The assertions that were used and have not expired.
struct UsedAssertions {
    /// The expiries of the assertions, in seconds since 1970, by client and `jti`.
    private var expiries: [String: Int] = [:]

    /// - Returns: Whether the assertion was not used before.
    mutating func use(_ id: String, of clientID: String, until expiry: Int) -> Bool {
        expiries.updateValue(expiry, forKey: "\(clientID) \(id)") == nil
    }

    /// - Parameter now: The present time, in seconds since 1970.
    mutating func forget(before now: Int) {
        expiries = expiries.filter { $0.value > now }
    }
}
