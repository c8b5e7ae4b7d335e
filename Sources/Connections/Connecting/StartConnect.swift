import Integrations
import OAuth
import Primitives
import Storage
import Templates
import Vault

/// Begins the redirect flow: remembers the flow, and says where to send the browser.
package final class StartConnect: Sendable {
    private let database: Database
    private let integrations: IntegrationStore
    private let permission: ConnectPermission
    private let vault: Vault
    private let redirectURI: RedirectURI
    private let clock: Clock
    /// The time that the user may take at the provider.
    package let stateLifetime: Duration

    init(
        database: Database, integrations: IntegrationStore, permission: ConnectPermission,
        vault: Vault, redirectURI: RedirectURI, clock: Clock, stateLifetime: Duration
    ) {
        self.database = database
        self.integrations = integrations
        self.permission = permission
        self.vault = vault
        self.redirectURI = redirectURI
        self.clock = clock
        self.stateLifetime = stateLifetime
    }

    /// The next place for a browser that wants to connect.
    package enum Step {
        /// To the provider's authorization page, with everything it needs.
        case provider(String)
        /// To a page of ours, which asks for data or for the credential itself.
        case form(Integration)
    }

    /// - Parameters:
    ///   - browserID: The id that the browser is known by; flows at the same time share it.
    ///   - returnTo: The place where the browser goes in the end; checked before.
    ///   - given: The data that the user gives for the connection to keep, by name.
    /// - Returns: The next place for the browser.
    /// - Throws: ``ConnectionsError``.
    package func callAsFunction(
        _ reference: String, for caller: Caller, browserID: String, returnTo: String?,
        isPopup: Bool, given: [(name: String, value: String)] = []
    ) throws -> Step {
        let integration = try integrations.find(reference, for: caller)
        try permission.check(integration, caller)
        let definition = integration.definition
        // A grant that needs no user has no page at the provider: ours does the rest.
        guard definition.consent == .user, let endpoint = definition.authUri else {
            return .form(integration)
        }
        guard ConnectionData.isComplete(given, for: definition) else { return .form(integration) }
        let data = try ConnectionData(given, for: definition)
        let verifier = definition.usesPKCE ? CodeVerifier() : nil
        let pending = PendingAuthorization(
            user: caller, integrationID: integration.id, codeVerifier: verifier?.text,
            redirectURI: redirectURI.of(definition), returnTo: returnTo, isPopup: isPopup,
            data: data, expiresAt: clock.now + stateLifetime)
        let state = RandomToken.make()
        let url = try AuthorizationRequest(
            authorizationEndpoint: try URLTemplate.fill(endpoint, with: data),
            clientID: definition.clientId ?? "", redirectURI: pending.redirectURI,
            scope: definition.requestedScope, scopeParameter: definition.scopeParameter,
            state: state, codeChallenge: verifier?.challenge,
            nonce: RandomToken.make(), resources: definition.resources,
            extraParameters: definition.authorizationParameters.map { ($0.name, $0.value) }
        ).url
        try database.write { transaction in
            // Signing out ends the stored flows: none may be stored after it.
            try permission.check(
                try integrations.find(integration.id, for: caller, transaction), caller,
                transaction)
            try pending.insert(
                state: state, browserID: browserID, vault: vault, transaction)
        }
        return .provider(url)
    }
}
