import Integrations
import Logging
import OAuth
import Primitives
import Storage

/// Asks the provider for new tokens, once, and handles the answer. The caller holds the
/// connection's lease.
package struct RefreshAttempt: Sendable {
    let connections: ConnectionStore
    let credentials: ConnectionCredentials
    let outcomes: RefreshOutcomes
    let revocations: RevocationQueue
    let unstored: UnstoredTokens
    let request: RefreshClient
    let lease: RefreshLease
    let refusals: ClientRefusals
    let coolDown = CoolDown()
    let clock: Clock
    let logger: Logger
    let counters: EventCounters
    let underWay: RefreshesInFlight

    /// A credential, and the connection whose generation it belongs to.
    package typealias Fresh = (credential: Credential, connection: Connection)

    /// - Throws: ``ConnectionsError``; the old tokens then stay in every case.
    func callAsFunction(
        _ tokens: OAuthTokens, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        try underWay.count { try refresh(tokens, connection, integration) }
    }

    /// The rest of the pause in which the provider is left alone, for this connection or for all.
    func rest(_ connection: Connection) -> CoolDown.Rest? {
        [connection.id, connection.integrationID]
            .compactMap { coolDown.rest($0, now: clock.now) }.max { $0.seconds < $1.seconds }
    }

    /// Whether the provider asked for a pause, in answer to that connection, that is not over.
    func hasToWait(connectionID: String) -> Bool {
        coolDown.rest(connectionID, now: clock.now)?.isAsked ?? false
    }

    private func refresh(
        _ tokens: OAuthTokens, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        let began = clock.uptime
        let response: TokenResponse
        do {
            response = try request.send(tokens, connection, integration)
        } catch let error as OAuthError {
            return try recover(from: error, connection, integration)
        } catch {
            try? lease.end(connection)
            throw error
        }
        coolDown.noteSuccess(connection.id)
        coolDown.noteSuccess(connection.integrationID)
        // After the tokens are safe.
        defer { try? refusals.clear(integration) }
        // Lifetimes count from before the answer, by the present clock: it may have been set.
        let asked = clock.now + -((clock.uptime - began + 999) / 1000)
        let issued = IssuedCredential(
            refreshed: response, for: integration.definition, old: tokens, connection: connection,
            now: asked)
        return try store(issued, connection, integration)
    }

    private func store(
        _ issued: IssuedCredential, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        let isStored: Bool
        unstored.take(issued, refreshing: connection, integration)
        do {
            isStored = try outcomes.store(issued, refreshing: connection)
        } catch let error as StorageError {
            unstored.hold(connection)
            counters.count(.refreshUnstored)
            log(.error, "the database did not take a refreshed token: held", connection, error)
            return (issued.credential, connection)
        }
        guard isStored else { return try discard(issued, connection, integration) }
        unstored.release(connection)
        counters.count(.refreshed)
        log(.info, "token refreshed", connection)
        return try stored(connection, integration)
    }

    /// Marks a dead grant, unless another process has stored a newer token meanwhile. Anything
    /// else is an outage, and the old token stays.
    private func recover(
        from error: OAuthError, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        guard let reason = end(of: connection, toldBy: error) else {
            rest(connection, after: error)
            counters.count(.refreshFailed)
            note(error, connection, integration)
            throw ConnectionsError(provider: error, now: clock.now)
        }
        try markDead(connection, reason: reason)
        return try stored(connection, integration)
    }

    /// The reason for which asking again is useless; `nil` when there is none.
    private func end(
        of connection: Connection, toldBy error: OAuthError
    ) -> Connection.StatusReason? {
        if error.isGrantDead { return .invalidGrant }
        if error.needsUser { return .interactionRequired }
        // Past the end that the provider stated, any refusal is a clear one.
        let isPastItsEnd = connection.refreshTokenExpiresAt.map { $0 <= clock.now } ?? false
        return isPastItsEnd && error.refusesGrant ? .expired : nil
    }

    /// The most seconds that all connections of an integration rest because of the provider's
    /// answer to one of them: it may have meant only that one.
    private static let longestCommonRest: Int64 = 60

    private func rest(_ connection: Connection, after error: OAuthError) {
        let asked = error.askedPause(now: clock.now)
        coolDown.noteFailure(connection.id, now: clock.now, asked: asked)
        guard error.isOfProvider || asked != nil else { return }
        coolDown.noteFailure(
            connection.integrationID, now: clock.now,
            asked: asked.map { min($0, Self.longestCommonRest) })
    }

    /// Ends the lease, and tells the owner, the operators and the other connections the reason.
    private func note(_ error: OAuthError, _ connection: Connection, _ integration: Integration) {
        let trouble = try? outcomes.note(error, refreshing: connection)
        log(
            .warning, "token refresh failed", connection, error,
            advice: trouble?.advice(integration.definition))
        guard error.refusesClient else { return }
        do {
            try refusals.note(error, connection, integration)
        } catch {
            log(.error, "a refusal of the client was not noted", connection, error)
        }
    }

    /// The connection was replaced or ended meanwhile: the late tokens are not stored but revoked.
    private func discard(
        _ issued: IssuedCredential, _ connection: Connection, _ integration: Integration
    ) throws -> Fresh {
        counters.count(.refreshDiscarded)
        do {
            try revocations.enqueue(
                late: issued, integration, holder: connection.holder, data: connection.data)
            unstored.release(connection)
        } catch {
            unstored.hold(connection)
            throw error
        }
        return try stored(connection, integration)
    }

    /// Notes that the connection has to be authorized again, unless it has newer tokens by now.
    func markDead(_ connection: Connection, reason: Connection.StatusReason) throws {
        guard try outcomes.markDead(connection, reason: reason) else { return }
        counters.count(.grantDied)
        log(.warning, "grant is dead: \(reason.rawValue)", connection)
    }

    /// Returns the credential that the connection holds now.
    ///
    /// - Throws: ``ConnectionsError`` when it ended, or has to be authorized again.
    func stored(_ connection: Connection, _ integration: Integration) throws -> Fresh {
        guard let current = try connections.find(id: connection.id) else {
            throw ConnectionsError.connectionRequired(slug: integration.slug)
        }
        guard current.status == .active else {
            throw ConnectionsError.reauthorizationRequired(
                slug: integration.slug, reason: current.statusReason)
        }
        return (try credentials.open(current), current)
    }

    private func log(
        _ level: Logger.Level, _ message: Logger.Message, _ connection: Connection,
        _ error: (any Error)? = nil, advice: String? = nil
    ) {
        var metadata: Logger.Metadata = [
            "connection": "\(connection.id)", "integration": "\(connection.integrationID)",
        ]
        metadata["error"] = error.map { "\($0)" }
        metadata["advice"] = advice.map { "\($0)" }
        logger.log(level: level, message, metadata: metadata)
    }
}

extension OAuthError {
    /// Whether any other connection would have met it too: the provider cannot be reached, or does
    /// not answer. Asking for each of a thousand connections would keep a thousand callers waiting.
    fileprivate var isOfProvider: Bool {
        switch self {
        case .timedOut, .outage(.network): true
        default: false
        }
    }
}
