import Encoding
import HTTPClient
import OAuth

/// A grant that is to be revoked, with where and as whom: as it was when the connection went.
struct QueuedRevocation {
    let endpoint: JSONValue
    let clientSecret: String?
    let credential: Credential?

    /// Revokes the refresh token first: it is the one that makes new ones (RFC 7009 §2.1).
    ///
    /// - Throws: ``OAuthError``.
    func send(over transport: any HTTPTransport) throws {
        guard case .oauth(let tokens)? = credential else { return }
        let endpoint = revocationEndpoint(transport)
        if let refreshToken = tokens.refreshToken {
            try revoke(refreshToken, .refreshToken, at: endpoint)
        }
        try revoke(tokens.accessToken, .accessToken, at: endpoint)
    }

    private func revocationEndpoint(_ transport: any HTTPTransport) -> RevocationEndpoint {
        RevocationEndpoint(
            url: endpoint["url"]?.stringValue ?? "",
            client: Client(
                id: endpoint["clientId"]?.stringValue ?? "", secret: clientSecret,
                authentication: endpoint["clientAuthentication"]?.stringValue
                    .flatMap(ClientAuthentication.init(rawValue:)) ?? .post),
            transport: transport)
    }

    private func revoke(
        _ token: String, _ hint: TokenTypeHint, at endpoint: RevocationEndpoint
    ) throws {
        do {
            try endpoint.revoke(token, hint: hint)
        } catch OAuthError.refused("unsupported_token_type", _) {
            // RFC 7009 §2.2.1: the provider does not revoke this kind; it ends by itself.
        }
    }
}
