import HTTPClient
import Integrations
import OAuth
import Primitives
import Templates

/// An integration's endpoints at its provider, as they are for one connection, ready to be asked.
package struct ProviderClient {
    let definition: IntegrationDefinition
    let secrets: ClientSecrets
    /// The known data about the connection: it fills placeholders of URLs.
    let data: ConnectionData
    let transport: any HTTPTransport
    let clock: Clock
    var limits = TransferLimits.providerAnswer
    let log: TokenAnswerLog

    /// The endpoint for exchanging codes, and for tokens that the client itself gets.
    ///
    /// - Throws: ``InputError/conflict(code:detail:)`` when a placeholder's value is missing.
    func tokenEndpoint() throws -> TokenEndpoint {
        try endpoint(definition.tokenUri, definition.tokenParameters)
    }

    /// Refreshes a token, at the place and in the form that the provider wants.
    ///
    /// - Throws: ``OAuthError``, ``InputError/conflict(code:detail:)``.
    func refresh(_ refreshToken: String) throws -> TokenResponse {
        let rules = definition.refresh
        // The parameters for refreshing take precedence.
        let names = Set(rules.parameters.map(\.name))
        let common = definition.tokenParameters.filter { !names.contains($0.name) }
        return try endpoint(
            rules.uri ?? definition.tokenUri, common + rules.parameters, isRefresh: true
        ).refresh(refreshToken: refreshToken, words: rules.words, dead: rules.dead)
    }

    /// Returns the URL at which tokens are refreshed.
    func refreshURL() throws -> String { try url(definition.refresh.uri ?? definition.tokenUri) }

    /// Obtains a token that no user has to approve, by the integration's grant.
    ///
    /// - Parameter userID: The user whose connection it is for.
    /// - Throws: ``OAuthError``, ``InputError/conflict(code:detail:)``.
    func ownToken(for userID: String) throws -> TokenResponse {
        let endpoint = try tokenEndpoint()
        switch definition.grant {
        case .authorizationCode:
            // Only the user's consent gives one, at the provider's page.
            throw ConnectionsError.connectionRequired(slug: definition.slug)
        case .clientCredentials:
            return try endpoint.clientCredentials(scope: definition.requestedScope)
        case .jwtBearer:
            let isClaim = definition.assertion.scopePlace == .claim
            return try endpoint.jwtBearer(
                assertion: assertion(for: userID, scope: isClaim ? definition.scope : nil),
                scope: isClaim ? nil : definition.requestedScope)
        }
    }

    /// The assertion that stands for the user at the token endpoint, signed (RFC 7523 §3).
    private func assertion(for userID: String, scope: String?) throws -> JSONWebToken {
        let rules = definition.assertion
        let key = try secrets.key().signingKey(definition.signingAlgorithm)
        return try BearerAssertion(
            issuer: rules.issuer ?? definition.clientId ?? "",
            subject: rules.subject(for: userID),
            audience: try rules.audience ?? url(definition.tokenUri), scope: scope
        ).signed(by: key, keyID: definition.keyId, now: clock.now.seconds)
    }

    private func endpoint(
        _ url: String?, _ parameters: [IntegrationDefinition.Parameter], isRefresh: Bool = false
    ) throws -> TokenEndpoint {
        let tokenURL = try self.url(definition.tokenUri)
        return TokenEndpoint(
            url: try self.url(url),
            client: try ClientIdentity(definition, tokenEndpoint: tokenURL).client(secrets, clock),
            transport: transport, limits: limits,
            extraParameters: parameters.map { ($0.name, $0.value) },
            headers: definition.tokenHeaders.map { ($0.name, $0.value) },
            format: definition.tokenFormat, resources: definition.resources,
            response: definition.tokenResponse,
            notice: { [log] in log.note($0, isRefresh: isRefresh) })
    }

    private func url(_ template: String?) throws -> String {
        try URLTemplate.fill(template ?? "", with: data)
    }
}
