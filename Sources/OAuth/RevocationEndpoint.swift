import Encoding
import HTTPClient

/// The endpoint that revokes tokens (RFC 7009, or in a provider's own ``RevocationShape``).
package struct RevocationEndpoint: Sendable {
    let url: String
    let client: Client
    let shape: RevocationShape
    let values: [String: String]
    let transport: any HTTPTransport
    let limits: TransferLimits

    /// - Parameters:
    ///   - url: A ``Template`` behind its origin.
    ///   - values: For placeholders, beside `token`, `clientId` and `clientSecret`.
    package init(
        url: String, client: Client, shape: RevocationShape = RevocationShape(),
        values: [String: String] = [:], transport: any HTTPTransport,
        limits: TransferLimits = .providerAnswer
    ) {
        self.url = url
        self.client = client
        self.shape = shape
        self.values = values
        self.transport = transport
        self.limits = limits
    }

    /// Revokes a token; returns when the provider no longer honours it (SECURITY 16).
    ///
    /// RFC 7009 §2.2: 200 also for a token that it doesn't know. A provider that says
    /// `invalid_token` instead, as Google does, means the same; so does one that has an address
    /// for a token and finds nothing there.
    ///
    /// - Parameter token: `nil` where the shape names none.
    /// - Throws: ``OAuthError/outage(_:)`` and ``OAuthError/timedOut`` when it is worth another
    ///   try soon, ``OAuthError/refused(code:status:)`` when not. Where the token is its own proof,
    ///   `refused("invalid_token", 401)` says that it is expired, and nothing about others.
    package func revoke(_ token: String?, hint: TokenTypeHint?) throws {
        let request = RevocationRequest(
            url: url, shape: shape, client: client, values: values(with: token), token: token,
            hint: hint, limits: limits)
        try read(try ProviderAnswer(to: try request.outgoing(), over: transport))
    }

    private func values(with token: String?) -> [String: String] {
        var values = values
        values["token"] = token
        values["clientId"] = client.id
        values["clientSecret"] = client.secret
        return values
    }

    private func read(_ answer: ProviderAnswer) throws(OAuthError) {
        if answer.isSuccess { return try readSuccess(answer) }
        if shape.place.isProof, answer.status == 401 {
            throw .refused(code: "invalid_token", status: 401)
        }
        if shape != RevocationShape(), [404, 410].contains(answer.status) { return }
        do {
            try answer.successMembers()
        } catch .refused("invalid_token", _) {
            return
        }
    }

    /// Reads a success. By the standard its status alone shows it (RFC 7009 §2.2), even with a
    /// damaged body; but Slack says `"ok": false` with status 200.
    private func readSuccess(_ answer: ProviderAnswer) throws(OAuthError) {
        if let flaw = answer.flaw, shape != RevocationShape() { throw flaw }
        guard let members = answer.members, members["ok"] == .bool(false) else { return }
        let code = members["error"]?.stringValue ?? ErrorCode.other
        if Self.gone.contains(code) { return }
        if code == "token_expired" { throw .refused(code: "invalid_token", status: answer.status) }
        try answer.successMembers()
    }

    private static let gone: Set<String> = [
        "token_revoked", "invalid_auth", "account_inactive", "invalid_token",
    ]
}

/// The kind of a token, which saves the provider a search (RFC 7009 §2.1).
package enum TokenTypeHint: String, Sendable, CaseIterable {
    case accessToken = "access_token"
    case refreshToken = "refresh_token"
}
