import HTTPClient
import Logging
import OAuth

/// Gives out credentials that work, and renews access tokens: one refresh at a time for a
/// connection, however many requests want it.
///
/// The order is: lock, reload, check again, ask the provider, store if the generation still
/// stands, release. No transaction is open while the provider is asked.
final class TokenRefresher: Sendable {
    private let connections: ConnectionStore
    private let integrations: IntegrationStore
    private let revocations: RevocationQueue
    private let transport: any HTTPTransport
    private let clock: Clock
    private let logger: Logger
    /// How long before its end a token is renewed, in seconds.
    private let margin: Int64
    private let locks = KeyedLock()
    private let coolDown = CoolDown()

    init(
        connections: ConnectionStore, integrations: IntegrationStore, revocations: RevocationQueue,
        transport: any HTTPTransport, clock: Clock, margin: Int64, logger: Logger
    ) {
        self.connections = connections
        self.integrations = integrations
        self.revocations = revocations
        self.transport = transport
        self.clock = clock
        self.margin = margin
        self.logger = logger
    }

    /// A credential, and the connection whose generation it belongs to.
    typealias Fresh = (credential: Credential, connection: Connection)

    /// The connection's credential, its access token renewed when it has expired or soon will.
    ///
    /// - Throws: ``ConnectionsError``.
    func credential(of connection: Connection, _ integration: Integration) throws -> Fresh {
        guard connection.status == .active else { throw reauthorizationRequired(integration) }
        guard isDue(connection) else {
            return (try connections.credential(of: connection), connection)
        }
        return try locks.withLock(connection.id) {
            let current = try reload(connection, integration)
            let credential = try connections.credential(of: current)
            guard isDue(current), case .oauth(let tokens) = credential else {
                return (credential, current)
            }
            return try renewed(tokens, current, integration)
        }
    }

    /// A newer credential than one that the API rejected; `nil` when there cannot be one.
    ///
    /// However many requests met the rejection, the token is renewed once.
    func credential(
        afterRejectionOf rejected: Connection, _ integration: Integration
    ) throws -> Fresh? {
        try locks.withLock(rejected.id) {
            let current = try reload(rejected, integration)
            let credential = try connections.credential(of: current)
            if current.generation != rejected.generation { return (credential, current) }
            guard case .oauth(let tokens) = credential, canRenew(tokens, integration),
                coolDown.remaining(current.id, now: clock.now) == nil
            else { return nil }
            return try refresh(tokens, current, integration)
        }
    }

    /// Renews a token that is due; while it has not expired, a provider's outage does not matter.
    private func renewed(
        _ tokens: OAuthTokens, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        let stillWorks = connection.tokenExpiresAt.map { $0 > clock.now } ?? true
        let old = (Credential.oauth(tokens), connection)
        guard canRenew(tokens, integration) else {
            if stillWorks { return old }
            _ = try markDead(connection, reason: "expired")
            throw reauthorizationRequired(integration)
        }
        if let pause = coolDown.remaining(connection.id, now: clock.now) {
            if stillWorks { return old }
            throw ConnectionsError.providerCoolingDown(retryAfter: pause)
        }
        do {
            return try refresh(tokens, connection, integration)
        } catch ConnectionsError.provider where stillWorks {
            return old
        }
    }

    private func refresh(
        _ tokens: OAuthTokens, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        let asked = clock.now
        let response: TokenResponse
        do {
            response = try ask(tokens, integration)
        } catch let error as OAuthError {
            return try recover(from: error, connection, integration)
        }
        coolDown.noteSuccess(connection.id)
        let grant = Grant(refreshed: response, old: tokens, connection: connection, now: asked)
        guard try connections.store(grant, refreshing: connection) else {
            return try discard(grant, connection, integration)
        }
        logger.info("token refreshed", metadata: metadata(connection, integration))
        return (grant.credential, try reload(connection, integration))
    }

    private func ask(_ tokens: OAuthTokens, _ integration: Integration) throws -> TokenResponse {
        let provider = ProviderClient(
            integration: integration, clientSecret: try integrations.clientSecret(of: integration),
            transport: transport)
        if let refreshToken = tokens.refreshToken {
            return try provider.tokenEndpoint.refresh(refreshToken: refreshToken)
        }
        return try provider.tokenEndpoint.clientCredentials(scope: integration.definition.scope)
    }

    /// `invalid_grant`: somebody may have stored a newer token; else the grant is dead. Anything
    /// else is an outage, and the old token stays.
    private func recover(
        from error: OAuthError, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        var details = metadata(connection, integration)
        details["error"] = "\(error)"
        guard error.isGrantDead else {
            coolDown.noteFailure(connection.id, now: clock.now)
            logger.warning("token refresh failed", metadata: details)
            throw ConnectionsError.provider(error)
        }
        let current = try reload(connection, integration)
        if current.generation != connection.generation {
            return (try connections.credential(of: current), current)
        }
        guard try markDead(connection, reason: "invalid_grant") else {
            let newer = try reload(connection, integration)
            return (try connections.credential(of: newer), newer)
        }
        logger.warning("grant is dead", metadata: details)
        throw reauthorizationRequired(integration)
    }

    /// The connection was replaced or ended meanwhile: the late tokens are not stored but revoked.
    private func discard(
        _ grant: Grant, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        try revocations.enqueue(grant, integration)
        let current = try reload(connection, integration)
        return (try connections.credential(of: current), current)
    }

    /// The margin is at most a tenth of the token's life: else one that lives shorter than the
    /// margin would be renewed with every call.
    private func isDue(_ connection: Connection) -> Bool {
        guard let end = connection.tokenExpiresAt else { return false }
        let lifetime = max(0, end - connection.updatedAt)
        return end <= clock.now + min(margin, lifetime / 10)
    }

    private func canRenew(_ tokens: OAuthTokens, _ integration: Integration) -> Bool {
        tokens.refreshToken != nil || integration.definition.grant == .clientCredentials
    }

    private func reload(_ connection: Connection, _ integration: Integration) throws -> Connection {
        guard
            let current = try connections.database.read({
                try Connection.find(id: connection.id, $0)
            })
        else { throw ConnectionsError.connectionRequired(slug: integration.slug) }
        guard current.status == .active else { throw reauthorizationRequired(integration) }
        return current
    }

    /// - Returns: Whether the generation still stood.
    private func markDead(_ connection: Connection, reason: String) throws -> Bool {
        try connections.database.write {
            try Connection.requireReauthorization(
                id: connection.id, generation: connection.generation, reason: reason,
                now: clock.now, $0)
        }
    }

    private func reauthorizationRequired(_ integration: Integration) -> ConnectionsError {
        .reauthorizationRequired(slug: integration.slug)
    }

    private func metadata(
        _ connection: Connection, _ integration: Integration
    ) -> Logger.Metadata {
        ["connection": "\(connection.id)", "integration": "\(integration.slug)"]
    }
}
