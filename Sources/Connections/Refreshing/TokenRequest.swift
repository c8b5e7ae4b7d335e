import HTTPClient
import OAuth

/// Asks an integration's provider for new tokens in place of old ones.
struct TokenRequest: Sendable {
    let integrations: IntegrationStore
    let transport: any HTTPTransport
    /// How long the provider may take in all, in seconds.
    let timeout: Int64

    /// Whether there is anything to ask with.
    func isPossible(_ tokens: OAuthTokens, _ integration: Integration) -> Bool {
        tokens.refreshToken != nil || integration.definition.grant == .clientCredentials
    }

    /// Sends one request, on a connection of its own: it must not reach the provider twice.
    ///
    /// - Throws: ``OAuthError``.
    func send(_ tokens: OAuthTokens, _ integration: Integration) throws -> TokenResponse {
        var limits = TransferLimits.providerAnswer
        limits.head = Double(timeout)
        limits.total = Double(timeout)
        let provider = ProviderClient(
            integration: integration, clientSecret: try integrations.clientSecret(of: integration),
            transport: transport, limits: limits)
        if let refreshToken = tokens.refreshToken {
            return try provider.tokenEndpoint.refresh(refreshToken: refreshToken)
        }
        return try provider.tokenEndpoint.clientCredentials(scope: integration.definition.scope)
    }
}
