import HTTPClient
import HTTPTypes
import Integrations
import Logging
import OAuth
import Primitives

/// Turns what a user or a provider handed over into a stored connection.
package final class Authorizer: Sendable {
    private let connections: ConnectionStore
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue
    private let refusals: ClientRefusals
    private let transport: any HTTPTransport
    private let lookup: ConnectionLookup
    private let adopted = AdoptedTokens()
    private let clock: Clock
    private let logger: Logger

    init(
        connections: ConnectionStore, integrations: IntegrationStore, revocations: RevocationQueue,
        refusals: ClientRefusals, transport: any HTTPTransport, clock: Clock, logger: Logger
    ) {
        self.refusals = refusals
        self.connections = connections
        self.integrations = integrations
        self.revocations = revocations
        self.transport = transport
        lookup = ConnectionLookup(transport: transport, clock: clock)
        self.clock = clock
        self.logger = logger
    }

    /// - Parameters:
    ///   - data: What is known about the connection so far.
    ///   - scope: What was granted, where the token response does not say.
    func exchange(
        code: String, redirectURI: String, codeVerifier: String?, _ integration: Integration,
        _ caller: Caller, data: ConnectionData, scope: String? = nil
    ) throws -> Connection {
        // A lost permission is noticed before the code is spent.
        try connections.checkMayConnect(integration, caller)
        return try authorize(integration, caller, data, scope: scope) {
            try $0.tokenEndpoint().exchange(
                code: code, redirectURI: redirectURI, codeVerifier: codeVerifier)
        }
    }

    /// A refresh token that was obtained elsewhere: used at once, which proves it. Whatever comes of
    /// it, the grant is left alone: it is not ours before it is stored.
    func adopt(
        refreshToken: String, _ integration: Integration, _ caller: Caller,
        data: ConnectionData
    ) throws -> Connection {
        let key = AdoptedTokens.Key(refreshToken, integration, caller)
        let connection = try adopted.alone(with: key) {
            switch adopted.outcome(of: key, now: clock.now) {
            case .stored(let old, let given)?:
                // Unless somebody has connected otherwise since, or it has ended.
                if let now = try connections.find(id: old.id), now.status == .active,
                    now.lastAuthorizedAt == old.lastAuthorizedAt
                {
                    guard given == data else { throw Self.usedUp }
                    return now
                }
            case .renewed(let newest, let place)?
            where try provider(integration, data).refreshURL() == place:
                return try adopt(newest, integration, caller, data, key)
            case .renewed, nil: break
            }
            return try adopt(refreshToken, integration, caller, data, key)
        }
        guard let connection else { throw Self.inUse }
        return connection
    }

    private static let inUse = InputError.conflict(
        code: .refreshTokenInUse,
        detail: "This refresh token is being handed over by another request. Try again in a moment."
    )

    private static let usedUp = InputError.conflict(
        code: .refreshTokenUsed,
        detail: "This refresh token was handed over before, with other data, and the provider has "
            + "replaced it. Hand over a newer one.")

    private func adopt(
        _ refreshToken: String, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData, _ key: AdoptedTokens.Key
    ) throws -> Connection {
        // A disk that takes no writes is noticed before the token is used up.
        try connections.database.probeWriting()
        let client = try provider(integration, data)
        let asked = clock.now
        let response: TokenResponse
        do {
            response = try client.refresh(refreshToken)
        } catch let error as OAuthError where error.isGrantDead {
            adopted.remember(nil, of: key, now: asked)
            throw error
        }
        try? refusals.clear(integration)
        var grant = Grant(
            response, for: integration.definition, requestedScope: nil, now: asked)
        if !grant.hasRefreshToken {
            grant.credential = .oauth(
                OAuthTokens(accessToken: response.accessToken, refreshToken: refreshToken))
        }
        let newest = grant.refreshToken ?? refreshToken
        // One that stays may be used as often as anybody likes.
        let isReplaced = newest != refreshToken || adopted.outcome(of: key, now: asked) != nil
        if isReplaced {
            adopted.remember(
                .renewed(newest, at: try client.refreshURL()), of: key, now: asked)
        }
        let known = try data.adding(.token, for: integration.definition, from: response.members)
        let connection = try store(handedOver: grant, integration, caller, known) { _ in }
        if isReplaced {
            adopted.remember(.stored(connection, data: data), of: key, now: clock.now)
        }
        return connection
    }

    /// A token that the provider gives to the client itself.
    func ownToken(
        _ integration: Integration, _ caller: Caller, data: ConnectionData
    ) throws -> Connection {
        try authorize(integration, caller, data) { try $0.ownToken(for: caller.userID) }
    }

    /// Stores what was handed over as the caller's connection, or the integration's shared one, with
    /// what the provider says about it. Where that fails, nothing is revoked: who handed it over
    /// still has it.
    ///
    /// - Parameter test: Called when all is known that decides where calls go.
    /// - Throws: ``ConnectionsError``, ``StorageError``.
    func store(
        handedOver grant: Grant, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData, trying test: (ConnectionData) throws -> Void
    ) throws -> Connection {
        let known = try lookup(grant.credential, integration.definition, data)
        try test(known)
        return try authorize(grant, integration, caller, known)
    }

    /// The same, without a trial, with what the provider gave to us: if that fails, nobody has it, and
    /// it is revoked.
    private func store(
        obtained grant: Grant, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData, _ response: TokenResponse
    ) throws -> Connection {
        var known = data
        do {
            known = try data.adding(.token, for: integration.definition, from: response.members)
            known = try lookup(grant.credential, integration.definition, known)
            return try authorize(grant, integration, caller, known)
        } catch {
            // Somebody may have lost the right to connect, or the integration may have moved.
            let holder = integration.holder(for: caller.userID)
            try? revocations.enqueue(
                late: grant, integration, holder: holder, data: known.text)
            if case ConnectionsError.credentialRefused(let status) = error {
                // It is the provider's, and nobody gave a wrong one.
                throw ConnectionsError.lookupFailed("the answer has status \(status)")
            }
            throw error
        }
    }

    private func authorize(
        _ grant: Grant, _ integration: Integration, _ caller: Caller, _ data: ConnectionData
    ) throws -> Connection {
        // What is kept is shown, whatever an entry or an answer calls it (SECURITY 26).
        let told = integration.definition.connectionData.filter { !$0.isKnownBefore }
        guard !told.contains(where: { grant.credential.secrets.contains(data[$0.name] ?? "") })
        else {
            throw ConnectionsError.lookupFailed(
                "a value for 'connectionData' is the credential itself")
        }
        return try connections.authorize(
            integration, by: caller, grant, data: data
        ) { connection, old, transaction in
            try revocations.drop(
                tokensOf: grant, integration, holder: connection.holder, transaction)
            try RevocationQueue.hold(
                back: integration, holder: connection.holder, until: connection.id, transaction)
            guard let old = old.flatMap(connections.revocableGrant(of:))?.without(grant) else {
                return
            }
            // An access token that the new grant has too must not be revoked with the old one.
            let waits =
                !integration.definition.revokesReplacedTokens || old.sharesAccessToken(with: grant)
            try revocations.enqueue(
                old, integration, holder: connection.holder, after: waits ? connection.id : nil,
                transaction)
        }
    }

    private func authorize(
        _ integration: Integration, _ caller: Caller, _ data: ConnectionData,
        scope: String? = nil, _ ask: (ProviderClient) throws -> TokenResponse
    ) throws -> Connection {
        try connections.database.probeWriting()
        let asked = clock.now
        let client = try provider(integration, data)
        let response: TokenResponse
        do {
            response = try ask(client)
        } catch let error as OAuthError {
            // Nothing else that a code meets says anything of the client: it may be anybody's.
            if case .refused("invalid_client", _) = error {
                try? refusals.note(error, nil, integration)
            }
            throw error
        }
        let grant = Grant(
            response, for: integration.definition,
            requestedScope: scope ?? integration.definition.scope, now: asked)
        try? refusals.clear(integration)
        return try store(obtained: grant, integration, caller, data, response)
    }

    private func provider(
        _ integration: Integration, _ data: ConnectionData
    ) throws -> ProviderClient {
        ProviderClient(
            definition: integration.definition, secrets: try integrations.secrets(of: integration),
            data: data, transport: transport, clock: clock,
            log: TokenAnswerLog(logger, integration))
    }
}
