import HTTPClient
import HTTPTypes
import Integrations
import Logging
import OAuth
import Primitives
import Storage

/// Turns what a user or a provider handed over into a stored connection.
package final class Authorizer: Sendable {
    private let database: Database
    private let connections: ConnectionStore
    private let authorized: AuthorizedConnections
    private let permission: ConnectPermission
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue
    private let refusals: ClientRefusals
    private let transport: any HTTPTransport
    private let lookup: ConnectionLookup
    private let adopted = AdoptedTokens()
    private let clock: Clock
    private let logger: Logger

    init(_ dependencies: Dependencies, _ stores: Stores, permission: ConnectPermission) {
        database = dependencies.database
        connections = stores.connections
        integrations = stores.integrations
        revocations = stores.revocations
        refusals = stores.clientRefusals
        self.permission = permission
        authorized = AuthorizedConnections(
            database: database, integrations: integrations, credentials: stores.credentials,
            revocations: revocations, permission: permission)
        transport = dependencies.transport
        clock = dependencies.clock
        logger = dependencies.logger
        lookup = ConnectionLookup(transport: transport, clock: clock)
    }

    /// Exchanges a code for tokens, and stores them.
    ///
    /// - Parameters:
    ///   - data: The data that is known about the connection so far.
    ///   - scope: The granted scope, for a token response that does not name it.
    func exchange(
        code: String, redirectURI: String, codeVerifier: String?, _ integration: Integration,
        _ caller: Caller, data: ConnectionData, scope: String? = nil
    ) throws -> Connection {
        // A lost permission is noticed before the code is spent.
        try permission.check(integration, caller)
        return try authorize(integration, caller, data, scope: scope) {
            try $0.tokenEndpoint().exchange(
                code: code, redirectURI: redirectURI, codeVerifier: codeVerifier)
        }
    }

    /// Adopts a refresh token that was obtained elsewhere: uses it at once, which proves it. The
    /// grant is never revoked here: it is not ours before it is stored.
    func adopt(
        refreshToken: String, _ integration: Integration, _ caller: Caller,
        data: ConnectionData
    ) throws -> Connection {
        let key = AdoptedTokens.Key(refreshToken, integration, caller)
        let connection = try adopted.alone(with: key) {
            switch adopted.outcome(of: key, now: clock.now) {
            case .stored(let old, let given)?:
                // Unless another connection was made since, or it ended.
                if let now = try connections.find(id: old.id), now.status == .active,
                    now.lastAuthorizedAt == old.lastAuthorizedAt
                {
                    guard given == data else { throw Self.usedUp }
                    return now
                }
            case .refreshed(let newest, let place)?
            where try provider(integration, data).refreshURL() == place:
                return try adopt(newest, integration, caller, data, key)
            case .refreshed, nil: break
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
        try database.probeWriting()
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
        var issued = IssuedCredential(
            response, for: integration.definition, requestedScope: nil, now: asked)
        if !issued.hasRefreshToken {
            issued.credential = .oauth(
                OAuthTokens(accessToken: response.accessToken, refreshToken: refreshToken))
        }
        let newest = issued.refreshToken ?? refreshToken
        // A token that does not change may be used any number of times.
        let isReplaced = newest != refreshToken || adopted.outcome(of: key, now: asked) != nil
        if isReplaced {
            adopted.remember(
                .refreshed(newest, at: try client.refreshURL()), of: key, now: asked)
        }
        let known = try data.adding(.token, for: integration.definition, from: response.members)
        let connection = try store(handedOver: issued, integration, caller, known) { _ in }
        if isReplaced {
            adopted.remember(.stored(connection, data: data), of: key, now: clock.now)
        }
        return connection
    }

    /// Connects with a token that the provider gives to the client itself.
    func ownToken(
        _ integration: Integration, _ caller: Caller, data: ConnectionData
    ) throws -> Connection {
        try authorize(integration, caller, data) { try $0.ownToken(for: caller.userID) }
    }

    /// Stores what was handed over as the caller's connection, or the integration's shared one,
    /// with what the provider says about it. Where that fails, nothing is revoked: the caller still
    /// has the grant.
    ///
    /// - Parameter test: Called when everything is known that decides where calls go.
    /// - Throws: ``ConnectionsError``, ``StorageError``.
    func store(
        handedOver issued: IssuedCredential, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData, trying test: (ConnectionData) throws -> Void
    ) throws -> Connection {
        let known = try lookup(issued.credential, integration.definition, data)
        try test(known)
        return try authorize(issued, integration, caller, known)
    }

    /// Stores what the provider gave to us, without a trial. Where that fails, no one else has the
    /// grant, and it is revoked.
    private func store(
        obtained issued: IssuedCredential, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData, _ response: TokenResponse
    ) throws -> Connection {
        var known = data
        do {
            known = try data.adding(.token, for: integration.definition, from: response.members)
            known = try lookup(issued.credential, integration.definition, known)
            return try authorize(issued, integration, caller, known)
        } catch {
            // The user may have lost the right to connect, or the integration may have moved.
            let holder = integration.holder(for: caller.userID)
            try? revocations.enqueue(
                late: issued, integration, holder: holder, data: known.text)
            if case ConnectionsError.credentialRefused(let status) = error {
                // The provider gave this credential, and not the user.
                throw ConnectionsError.lookupFailed("the answer has status \(status)")
            }
            throw error
        }
    }

    private func authorize(
        _ issued: IssuedCredential, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData
    ) throws -> Connection {
        // The data is shown to users, so no secret may be in it under any name (SECURITY 26).
        let told = integration.definition.connectionData.filter { !$0.isKnownBefore }
        guard !told.contains(where: { issued.credential.secrets.contains(data[$0.name] ?? "") })
        else {
            throw ConnectionsError.lookupFailed(
                "a value for 'connectionData' is the credential itself")
        }
        return try authorized.store(issued, integration, by: caller, data: data)
    }

    private func authorize(
        _ integration: Integration, _ caller: Caller, _ data: ConnectionData,
        scope: String? = nil, _ ask: (ProviderClient) throws -> TokenResponse
    ) throws -> Connection {
        try database.probeWriting()
        let asked = clock.now
        let client = try provider(integration, data)
        let response: TokenResponse
        do {
            response = try ask(client)
        } catch let error as OAuthError {
            // No other refusal of a code says anything about the client: anyone may send a code.
            if case .refused("invalid_client", _) = error {
                try? refusals.note(error, nil, integration)
            }
            throw error
        }
        let issued = IssuedCredential(
            response, for: integration.definition,
            requestedScope: scope ?? integration.definition.scope, now: asked)
        try? refusals.clear(integration)
        return try store(obtained: issued, integration, caller, data, response)
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
