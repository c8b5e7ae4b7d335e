import HTTPClient
import HTTPTypes
import OAuth

/// Turns what a user or a provider handed over into a stored connection.
final class Authorizer: Sendable {
    private let connections: ConnectionStore
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue
    private let transport: any HTTPTransport
    private let clock: Clock

    init(
        connections: ConnectionStore, integrations: IntegrationStore, revocations: RevocationQueue,
        transport: any HTTPTransport, clock: Clock
    ) {
        self.connections = connections
        self.integrations = integrations
        self.revocations = revocations
        self.transport = transport
        self.clock = clock
    }

    /// - Parameter data: What whoever connects has given.
    func exchange(
        code: String, redirectURI: String, codeVerifier: String?, _ integration: Integration,
        _ caller: Caller, data: ConnectionData
    ) throws -> Connection {
        // A lost permission is noticed before the code is spent.
        try connections.checkMayConnect(integration, caller)
        return try authorize(integration, caller, data) {
            try $0.exchange(code: code, redirectURI: redirectURI, codeVerifier: codeVerifier)
        }
    }

    /// A refresh token that was obtained elsewhere: used at once, which proves it.
    func adopt(
        refreshToken: String, _ integration: Integration, _ caller: Caller,
        data: ConnectionData
    ) throws -> Connection {
        // A disk that takes no writes is noticed before the token is used up.
        try connections.database.probeWriting()
        let asked = clock.now
        let response = try tokenEndpoint(integration).refresh(refreshToken: refreshToken)
        var grant = Grant(response, requestedScope: nil, now: asked)
        grant.credential = .oauth(
            OAuthTokens(
                accessToken: response.accessToken,
                refreshToken: response.refreshToken ?? refreshToken))
        return try store(grant, integration, caller, data, response)
    }

    func clientCredentials(
        _ integration: Integration, _ caller: Caller, data: ConnectionData
    ) throws -> Connection {
        try authorize(integration, caller, data) {
            try $0.clientCredentials(scope: integration.definition.scope)
        }
    }

    /// Stores a grant as the caller's connection, or the integration's shared one.
    ///
    /// - Parameter response: What the provider said, where it was asked.
    /// - Throws: ``ConnectionsError``, ``StorageError``: what the provider gave out is revoked then.
    func store(
        _ grant: Grant, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData, _ response: TokenResponse? = nil
    ) throws -> Connection {
        do {
            let data = try data.completed(by: response, for: integration.definition)
            return try authorize(grant, integration, caller, data)
        } catch {
            // Somebody may have lost the right to connect, or the integration may have moved.
            let holder = integration.holder(for: caller.userID)
            try? revocations.enqueue(late: grant, integration, holder: holder)
            throw error
        }
    }

    private func authorize(
        _ grant: Grant, _ integration: Integration, _ caller: Caller, _ data: ConnectionData
    ) throws -> Connection {
        try connections.authorize(
            integration, by: caller, grant, data: data
        ) { connection, old, transaction in
            try RevocationQueue.hold(
                back: integration, holder: connection.holder, until: connection.id, transaction)
            guard let old = old.flatMap(connections.revocableGrant(of:))?.without(grant) else {
                return
            }
            let waits = !integration.definition.revokesReplacedTokens
            try revocations.enqueue(
                old, integration, holder: connection.holder, after: waits ? connection.id : nil,
                transaction)
        }
    }

    private func authorize(
        _ integration: Integration, _ caller: Caller, _ data: ConnectionData,
        _ ask: (TokenEndpoint) throws -> TokenResponse
    ) throws -> Connection {
        try connections.database.probeWriting()
        let asked = clock.now
        let response = try ask(try tokenEndpoint(integration))
        let grant = Grant(
            response, requestedScope: integration.definition.scope, now: asked)
        return try store(grant, integration, caller, data, response)
    }

    private func tokenEndpoint(_ integration: Integration) throws -> TokenEndpoint {
        ProviderClient(
            integration: integration, clientSecret: try integrations.clientSecret(of: integration),
            transport: transport
        ).tokenEndpoint
    }
}
