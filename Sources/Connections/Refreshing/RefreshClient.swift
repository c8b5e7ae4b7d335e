import HTTPClient
import Integrations
import Logging
import OAuth
import Primitives

/// Asks an integration's provider for new tokens in place of old ones.
package struct RefreshClient: Sendable {
    let integrations: IntegrationStore
    let transport: any HTTPTransport
    /// The longest time that the provider may take in all.
    let timeout: Duration

    let clock: Clock
    let logger: Logger

    /// Whether there is a token or a grant to ask with.
    func isPossible(
        _ tokens: OAuthTokens, _ connection: Connection, _ integration: Integration
    ) -> Bool {
        guard tokens.refreshToken != nil else {
            return integration.definition.grant.consent == .none
        }
        guard integration.definition.refresh.token == .accessToken else { return true }
        // A token that refreshes itself does so only until it expires.
        return connection.refreshTokenExpiresAt.map { $0 > clock.now } ?? true
    }

    /// Sends one request, on a connection of its own: it must not reach the provider twice.
    ///
    /// - Throws: ``OAuthError``.
    func send(
        _ tokens: OAuthTokens, _ connection: Connection, _ integration: Integration
    ) throws -> TokenResponse {
        var limits = TransferLimits.providerAnswer
        limits.head = timeout
        limits.total = timeout
        let provider = ProviderClient(
            definition: integration.definition, secrets: try integrations.secrets(of: integration),
            data: ConnectionData(text: connection.data), transport: transport, clock: clock,
            limits: limits,
            log: TokenAnswerLog(logger, integration, connection))
        return try tokens.refreshToken.map(provider.refresh)
            ?? provider.ownToken(for: connection.ownerID)
    }
}
