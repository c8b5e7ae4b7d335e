import HTTPClient
import OAuth

/// An integration's endpoints at its provider, as one connection finds them, ready to be asked.
struct ProviderClient {
    let definition: IntegrationDefinition
    let secrets: ClientSecrets
    /// What is kept about the connection, as far as it is known: it fills placeholders of URLs.
    let data: ConnectionData
    let transport: any HTTPTransport
    let clock: Clock
    var limits = TransferLimits.providerAnswer

    /// Where codes are exchanged, and tokens given to the client itself.
    ///
    /// - Throws: ``ConnectionsError/conflict(code:detail:)`` when a placeholder's value is missing.
    func tokenEndpoint() throws -> TokenEndpoint {
        try endpoint(definition.tokenUri ?? "", definition.tokenParameters)
    }

    /// Has a token renewed, at the place and in the words that the provider has for it.
    ///
    /// - Throws: ``OAuthError``, ``ConnectionsError/conflict(code:detail:)``.
    func refresh(_ refreshToken: String) throws -> TokenResponse {
        let rules = definition.refresh
        return try endpoint(
            rules.uri ?? definition.tokenUri ?? "", definition.tokenParameters + rules.parameters
        ).refresh(refreshToken: refreshToken, words: rules.words)
    }

    /// A token that no user has to approve, by the integration's grant.
    ///
    /// - Throws: ``OAuthError``, ``ConnectionsError/conflict(code:detail:)``.
    func ownToken() throws -> TokenResponse {
        try tokenEndpoint().clientCredentials(scope: definition.requestedScope)
    }

    private func endpoint(
        _ url: String, _ parameters: [IntegrationDefinition.Parameter]
    ) throws -> TokenEndpoint {
        TokenEndpoint(
            url: try URLTemplate.fill(url, with: data), client: definition.client(secrets),
            transport: transport, limits: limits,
            extraParameters: parameters.map { ($0.name, $0.value) },
            headers: definition.tokenHeaders.map { ($0.name, $0.value) },
            format: definition.tokenFormat, response: definition.tokenResponse)
    }
}

extension IntegrationDefinition {
    /// Who we are at the provider.
    func client(_ secrets: ClientSecrets) -> Client {
        Client(
            id: clientId ?? "", secret: secrets.clientSecret, authentication: clientAuthentication)
    }
}
