import OAuth
import Storage

/// Begins the redirect flow: remembers the flow, and says where to send the browser.
package final class StartConnect: Sendable {
    private let database: Database
    private let integrations: IntegrationStore
    private let connections: ConnectionStore
    private let vault: Vault
    private let redirectURI: RedirectURI
    private let clock: Clock
    /// How long the user may take at the provider, in seconds.
    package let stateLifetime: Int64

    init(
        database: Database, integrations: IntegrationStore, connections: ConnectionStore,
        vault: Vault, redirectURI: RedirectURI, clock: Clock, stateLifetime: Int64
    ) {
        self.database = database
        self.integrations = integrations
        self.connections = connections
        self.vault = vault
        self.redirectURI = redirectURI
        self.clock = clock
        self.stateLifetime = stateLifetime
    }

    /// - Parameters:
    ///   - browserID: What the browser is known by; flows that it runs at the same time share it.
    ///   - returnTo: Where the browser goes in the end; checked before.
    ///   - given: What the user gives for the connection to keep, by name.
    /// - Returns: The provider's authorization page with everything it needs.
    /// - Throws: ``ConnectionsError``.
    package func callAsFunction(
        _ reference: String, for caller: Caller, browserID: String, returnTo: String?,
        isPopup: Bool, given: [(name: String, value: String)] = []
    ) throws -> String {
        let integration = try integrations.find(reference, for: caller)
        try connections.checkMayConnect(integration, caller)
        let definition = integration.definition
        guard definition.authType == .oauth2, definition.grant == .authorizationCode,
            let endpoint = definition.authUri
        else {
            throw ConnectionsError.invalid(
                code: "no_redirect_flow",
                detail: "This integration takes a credential: send it with POST …/connect.")
        }
        let data = try ConnectionData(given, for: definition)
        let state = RandomToken.make()
        let verifier = CodeVerifier()
        let pending = PendingAuthorization(
            user: caller, integrationID: integration.id, codeVerifier: verifier.text,
            redirectURI: redirectURI.of(definition), returnTo: returnTo, isPopup: isPopup,
            data: data)
        let url = try AuthorizationRequest(
            authorizationEndpoint: endpoint, clientID: definition.clientId ?? "",
            redirectURI: pending.redirectURI, scope: definition.scope, state: state,
            codeChallenge: verifier.challenge,
            extraParameters: definition.authorizationParameters.map { ($0.name, $0.value) }
        ).url
        try database.write { transaction in
            _ = try integrations.find(integration.id, for: caller, transaction)
            try pending.insert(
                state: state, browserID: browserID, expiresAt: clock.now + stateLifetime,
                vault: vault, transaction)
        }
        return url
    }
}
