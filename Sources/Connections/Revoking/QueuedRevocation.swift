import HTTPClient
import Integrations
import OAuth
import Primitives

/// A grant that is to be revoked.
package struct QueuedRevocation {
    private(set) var target: RevocationTarget
    let secrets: ClientSecrets
    private(set) var credential: Credential?

    /// Whether an access token has to be refreshed first, because only it can end its grant.
    func needsRefresh(_ clock: Clock) -> Bool {
        target.refresh.map { $0.tokenExpiresAt <= clock.now } ?? false
    }

    /// Returns the same with a living access token, where one is needed and the stored one has
    /// expired.
    ///
    /// - Returns: `nil` where nothing had to be refreshed.
    /// - Throws: ``OAuthError``.
    func refreshed(
        over transport: any HTTPTransport, _ clock: Clock, _ log: TokenAnswerLog
    ) throws -> QueuedRevocation? {
        guard case .oauth(let tokens)? = credential,
            let new = try target.refresh?.tokens(
                inPlaceOf: tokens, secrets, transport, clock, log)
        else { return nil }
        var refreshed = self
        refreshed.credential = .oauth(new.tokens)
        refreshed.target.refresh?.tokenExpiresAt = new.expiresAt
        return refreshed
    }

    /// Revokes the tokens that are left, in the order that the provider wants: usually the refresh
    /// token first, the one that makes new ones (RFC 7009 §2.1).
    ///
    /// - Parameter keep: Receives what is left, each time that the provider has accepted a token
    ///   and there is another.
    /// - Throws: ``OAuthError``.
    func send(
        over transport: any HTTPTransport, _ clock: Clock, keep: (QueuedRevocation) -> Void
    ) throws {
        guard case .oauth(let tokens)? = credential else { return }
        let endpoint = try target.endpoint(secrets, transport, clock)
        if target.shape.tokens.isEmpty { return try endpoint.revoke(nil, hint: nil) }
        var rest = self
        // A token that was left the last time may have expired since.
        var left = target.left(of: tokens, now: clock.now)
        while let (kind, token) = left.first {
            try revoke(token, kind, of: tokens, at: endpoint)
            rest.target.progress.accepted.insert(kind)
            left = rest.target.left(of: tokens, now: nil)
            if !left.isEmpty { keep(rest) }
        }
    }

    /// The time from which nothing is left to revoke, where a part of it is done.
    var end: Timestamp? {
        guard case .oauth(let tokens)? = credential, !target.progress.accepted.isEmpty else {
            return nil
        }
        return target.left(of: tokens, now: nil).compactMap { target.progress.ends[$0.kind] }.max()
    }

    private func revoke(
        _ token: String, _ kind: TokenTypeHint, of tokens: OAuthTokens,
        at endpoint: RevocationEndpoint
    ) throws {
        do {
            try endpoint.revoke(token, hint: kind)
        } catch OAuthError.refused("unsupported_token_type", _) where target.shape.tokens.count > 1
        {
            // RFC 7009 §2.2.1: the provider does not revoke this kind; it expires.
        } catch OAuthError.refused("invalid_token", _)
            where tokens.refreshToken == nil || tokens.refreshesItself
        {
            // The token was its own proof and has expired, and no other one can be made.
        }
    }
}
