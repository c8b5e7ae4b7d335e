import Integrations
import Locking
import Logging
import Primitives
import Storage
import Vault

/// Returns credentials that work, and has access tokens refreshed: one request to the provider for
/// a token, however many calls, and processes, want a newer one.
///
/// The order is: lock, reload, check again, write the lease, ask the provider, store if the
/// generation still stands (which ends the lease), release. No transaction is open while the
/// provider is asked. The article Architecture explains why nothing is lost.
package final class TokenRefresher: Sendable {
    private let connections: ConnectionStore
    private let credentials: ConnectionCredentials
    private let unstored: UnstoredTokens
    private let lease: RefreshLease
    private let attempt: RefreshAttempt
    private let timing: RefreshTiming
    private let clock: Clock
    private let logger: Logger
    private let locks = KeyedLock()
    private var coolDown: CoolDown { attempt.coolDown }
    private var refusals: ClientRefusals { attempt.refusals }

    init(
        connections: ConnectionStore, credentials: ConnectionCredentials,
        unstored: UnstoredTokens, lease: RefreshLease, attempt: RefreshAttempt,
        timing: RefreshTiming, clock: Clock, logger: Logger
    ) {
        self.connections = connections
        self.credentials = credentials
        self.unstored = unstored
        self.lease = lease
        self.attempt = attempt
        self.timing = timing
        self.clock = clock
        self.logger = logger
    }

    package typealias Fresh = RefreshAttempt.Fresh

    /// Returns the connection's credential; an access token that expired or soon will is refreshed.
    ///
    /// - Throws: ``ConnectionsError``; ``StorageError`` when the disk takes no lease.
    package func credential(of connection: Connection, _ integration: Integration) throws -> Fresh {
        guard connection.status == .active else {
            throw ConnectionsError.reauthorizationRequired(
                slug: integration.slug, reason: connection.statusReason)
        }
        if let held = unstored.credential(of: connection) { return (held, connection) }
        guard timing.isDue(connection, now: clock.now) else {
            return (try credentials.open(connection), connection)
        }
        guard hasEnded(connection) else { return try early(connection, integration) }
        return try locks.withLock(connection.id) {
            try refresh(connection, integration, ifBusy: .wait) {
                timing.isDue($0, now: clock.now)
            }
        }
    }

    /// Returns a newer credential than one that the API rejected; `nil` when there cannot be one.
    ///
    /// However many calls met the rejection, the token is refreshed once.
    package func credential(afterRejectionOf rejected: Fresh, _ integration: Integration) throws
        -> Fresh?
    {
        let connection = rejected.connection
        guard coolDown.rest(Self.futile(connection), now: clock.now) == nil else { return nil }
        let fresh = try locks.withLock(connection.id) {
            try refresh(connection, integration, ifBusy: .wait) {
                $0.generation == connection.generation
            }
        }
        return fresh.credential == rejected.credential ? nil : fresh
    }

    /// Notes the API's answer to a token that was refreshed because the API had rejected the one
    /// before. An API that rejects every token would cost a refresh with each call.
    package func note(isRejectedToo: Bool, _ connection: Connection) {
        if isRejectedToo {
            coolDown.noteFailure(Self.futile(connection), now: clock.now)
        } else {
            coolDown.noteSuccess(Self.futile(connection))
        }
    }

    /// Refreshes the tokens of a connection for which no caller waits, unless another one does so.
    ///
    /// - Returns: Whether they were refreshed.
    package func refreshInBackground(_ connection: Connection, _ integration: Integration) throws
        -> Bool
    {
        let fresh = try locks.withLockIfFree(connection.id) {
            try refresh(connection, integration, ifBusy: .keepOld) {
                $0.generation == connection.generation
            }
        }
        return fresh.map { $0.connection.generation != connection.generation } ?? false
    }

    /// Refreshes a token that still works. It does not matter yet if another caller or process is
    /// at it, or if it fails.
    private func early(_ connection: Connection, _ integration: Integration) throws -> Fresh {
        do {
            let fresh = try locks.withLockIfFree(connection.id) {
                try refresh(connection, integration, ifBusy: .keepOld) {
                    timing.isDue($0, now: clock.now)
                }
            }
            if let fresh { return fresh }
        } catch let error as ConnectionsError where error.isOfProvider {
            // Logged where it happened.
        } catch let error where error is StorageError || Self.isAboutRefreshing(error) {
            logger.warning(
                "token not refreshed yet",
                metadata: ["connection": "\(connection.id)", "error": "\(error)"])
        }
        return (try credentials.open(connection), connection)
    }

    /// The choice while another caller or process refreshes the token.
    private enum IfBusy {
        /// Wait for the new token.
        case wait
        /// Go on with the old one.
        case keepOld
    }

    /// Has the token refreshed while the closure calls it old. Called under the lock.
    ///
    /// - Parameter isTrial: Whether it is to be tried in spite of earlier refusals.
    private func refresh(
        _ connection: Connection, _ integration: Integration, ifBusy: IfBusy,
        isTrial: Bool = false, while isOld: (Connection) -> Bool
    ) throws -> Fresh {
        var predecessor: String?
        while true {
            let old = try attempt.stored(connection, integration)
            if let held = unstored.credential(of: old.connection) {
                // The provider has replaced the stored refresh token: never send that one again.
                guard unstored.tryToStore(old.connection) else { return (held, old.connection) }
                continue
            }
            guard isOld(old.connection), case .oauth(let tokens) = old.credential else {
                return old
            }
            guard attempt.request.isPossible(tokens, old.connection, integration) else {
                guard hasEnded(old.connection) else { return old }
                try attempt.markDead(old.connection, reason: .expired)
                continue
            }
            if !isTrial, let rest = attempt.rest(old.connection) { throw rest.error }
            let gate = isTrial ? .open : try self.gate(old.connection, integration, ifBusy)
            defer { if gate == .trial { endTrial(integration) } }
            switch gate {
            case .open, .trial: break
            case .again: continue
            case .closed: return old
            }
            switch try lease.take(old.connection, succeeding: predecessor) {
            case .taken: return try attempt(tokens, old.connection, integration)
            case .orphaned(let process):
                try unstored.store(keptBy: process)
                predecessor = process
            case .held where ifBusy == .keepOld: return old
            case .held: lease.pause()
            case .outdated: continue
            }
        }
    }

    /// The next step of a connection at a provider that refused the client.
    private enum Gate {
        case open
        /// Ask, and report the outcome.
        case trial
        /// Look again: something may have changed.
        case again
        /// Go on with the old token.
        case closed
    }

    /// Returns the next step, by the refusals so far.
    ///
    /// - Throws: ``ConnectionsError/clientRefused(retryAfter:)`` while the provider is left alone.
    private func gate(
        _ connection: Connection, _ integration: Integration, _ ifBusy: IfBusy
    ) throws -> Gate {
        switch try refusals.admission(
            of: connection, integration, isNeeded: ifBusy == .wait)
        {
        case .free: return .open
        case .trial(of: connection.id): return .trial
        // A connection that the provider asked to wait is not tried before its time.
        case .trial(let id) where attempt.hasToWait(connectionID: id): return .trial
        case .trial(let id):
            let wasMade = tryOut(id, integration)
            endTrial(integration, wasMade: wasMade)
            if wasMade { return .again }
        case .resting(let pause) where ifBusy == .wait:
            throw ConnectionsError.clientRefused(retryAfter: pause)
        case .underWay, .resting: break
        }
        if ifBusy == .keepOld { return .closed }
        lease.pause()
        return .again
    }

    /// Tries whether the provider accepts the client again, with a connection whose refresh it has
    /// refused before; the outcome is noted where it happens.
    ///
    /// - Returns: `false` while another call refreshes that connection.
    private func tryOut(_ id: String, _ integration: Integration) -> Bool {
        do {
            return try locks.withLockIfFree(id) {
                guard let other = try connections.find(id: id), other.status == .active else {
                    return true
                }
                _ = try refresh(other, integration, ifBusy: .keepOld, isTrial: true) {
                    $0.generation == other.generation
                }
                return true
            } ?? false
        } catch {
            logger.debug("trial failed", metadata: ["connection": "\(id)", "error": "\(error)"])
            return true
        }
    }

    private func endTrial(_ integration: Integration, wasMade: Bool = true) {
        do {
            try refusals.endTrial(integration, wasMade: wasMade)
        } catch {
            logger.warning("trial not ended", metadata: ["error": "\(error)"])
        }
    }

    /// Whether an error keeps a token from being refreshed and says nothing about the token: the
    /// integration wants data that the connection does not keep, or its secrets don't open.
    private static func isAboutRefreshing(_ error: any Error) -> Bool {
        switch error {
        case InputError.conflict, VaultError.sealBroken: true
        default: false
        }
    }

    private func hasEnded(_ connection: Connection) -> Bool {
        connection.tokenExpiresAt.map { $0 <= clock.now } ?? false
    }

    private static func futile(_ connection: Connection) -> String { "rejected \(connection.id)" }
}
