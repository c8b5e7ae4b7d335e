import HTTPClient
import HTTPTypes
import OAuth

/// Turns what a user or a provider handed over into a stored connection.
final class Authorizer: Sendable {
    private let connections: ConnectionStore
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue
    private let transport: any HTTPTransport
    private let lookup: ConnectionLookup
    private let clock: Clock

    init(
        connections: ConnectionStore, integrations: IntegrationStore, revocations: RevocationQueue,
        transport: any HTTPTransport, clock: Clock
    ) {
        self.connections = connections
        self.integrations = integrations
        self.revocations = revocations
        self.transport = transport
        lookup = ConnectionLookup(transport: transport)
        self.clock = clock
    }

    /// - Parameter data: What is known about the connection so far.
    func exchange(
        code: String, redirectURI: String, codeVerifier: String?, _ integration: Integration,
        _ caller: Caller, data: ConnectionData
    ) throws -> Connection {
        // A lost permission is noticed before the code is spent.
        try connections.checkMayConnect(integration, caller)
        return try authorize(integration, caller, data) {
            try $0.tokenEndpoint().exchange(
                code: code, redirectURI: redirectURI, codeVerifier: codeVerifier)
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
        let response = try provider(integration, data).refresh(refreshToken)
        var grant = Grant(
            response, for: integration.definition, requestedScope: nil, now: asked)
        if !grant.hasRefreshToken {
            grant.credential = .oauth(
                OAuthTokens(accessToken: response.accessToken, refreshToken: refreshToken))
        }
        return try store(grant, integration, caller, data, response)
    }

    /// A token that the provider gives to the client itself.
    func ownToken(
        _ integration: Integration, _ caller: Caller, data: ConnectionData
    ) throws -> Connection {
        try authorize(integration, caller, data) { try $0.ownToken() }
    }

    /// Stores a grant as the caller's connection, or the integration's shared one, with what the
    /// provider says about it.
    ///
    /// - Parameter response: What the provider said, where it was asked.
    /// - Throws: ``ConnectionsError``, ``StorageError``: what the provider gave out is revoked then.
    func store(
        _ grant: Grant, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData, _ response: TokenResponse? = nil
    ) throws -> Connection {
        var known = data
        do {
            if let response {
                known = try data.adding(
                    .token, for: integration.definition, from: response.members)
            }
            known = try lookup(grant.credential, integration.definition, known)
            return try authorize(grant, integration, caller, known)
        } catch {
            // Somebody may have lost the right to connect, or the integration may have moved.
            let holder = integration.holder(for: caller.userID)
            try? revocations.enqueue(
                late: grant, integration, holder: holder, data: known.text)
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
        _ ask: (ProviderClient) throws -> TokenResponse
    ) throws -> Connection {
        try connections.database.probeWriting()
        let asked = clock.now
        let response = try ask(try provider(integration, data))
        let grant = Grant(
            response, for: integration.definition, requestedScope: integration.definition.scope,
            now: asked)
        return try store(grant, integration, caller, data, response)
    }

    private func provider(
        _ integration: Integration, _ data: ConnectionData
    ) throws -> ProviderClient {
        ProviderClient(
            definition: integration.definition, secrets: try integrations.secrets(of: integration),
            data: data, transport: transport, clock: clock)
    }
}
