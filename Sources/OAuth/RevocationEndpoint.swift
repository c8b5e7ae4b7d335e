import HTTPClient

/// Where tokens are given back (RFC 7009).
package struct RevocationEndpoint: Sendable {
    let url: String
    let client: Client
    let transport: any HTTPTransport
    let limits: TransferLimits

    package init(
        url: String, client: Client, transport: any HTTPTransport,
        limits: TransferLimits = .providerAnswer
    ) {
        self.url = url
        self.client = client
        self.transport = transport
        self.limits = limits
    }

    /// Revokes a token; returns when the provider no longer honours it (SECURITY.md 16).
    ///
    /// RFC 7009 §2.2: 200 also for a token that it doesn't know. A provider that says
    /// `invalid_token` instead, as Google does, means the same.
    ///
    /// - Throws: ``OAuthError/outage(_:)`` and ``OAuthError/timedOut`` when it is worth another
    ///   try later, ``OAuthError/refused(code:status:)`` when not.
    package func revoke(_ token: String, hint: TokenTypeHint) throws {
        let request = ClientRequest(
            url: url, client: client,
            parameters: [("token", token), ("token_type_hint", hint.rawValue)], limits: limits)
        let answer = try request.send(over: transport)
        if answer.isSuccess { return }
        do {
            _ = try answer.successMembers()
        } catch OAuthError.refused("invalid_token", _) {
            return
        }
    }
}

/// RFC 7009 §2.1: what kind of token it is, to save the provider a search.
package enum TokenTypeHint: String, Sendable {
    case accessToken = "access_token"
    case refreshToken = "refresh_token"
}
