import Locking
import Logging
import Storage

/// Gives out credentials that work, and has access tokens renewed: one request to the provider for
/// a token, however many calls, and processes, want a newer one.
///
/// The order is: lock, reload, check again, write the lease, ask the provider, store if the
/// generation still stands (which ends the lease), release. No transaction is open while the
/// provider is asked. Sources/README.md says why nothing is lost.
final class TokenRefresher: Sendable {
    private let connections: ConnectionStore
    private let unstored: UnstoredTokens
    private let lease: RefreshLease
    private let renewal: TokenRenewal
    private let timing: RefreshTiming
    private let clock: Clock
    private let logger: Logger
    private let locks = KeyedLock()
    private var coolDown: CoolDown { renewal.coolDown }

    init(
        connections: ConnectionStore, unstored: UnstoredTokens, lease: RefreshLease,
        renewal: TokenRenewal, timing: RefreshTiming, clock: Clock, logger: Logger
    ) {
        self.connections = connections
        self.unstored = unstored
        self.lease = lease
        self.renewal = renewal
        self.timing = timing
        self.clock = clock
        self.logger = logger
    }

    typealias Fresh = TokenRenewal.Fresh

    /// The connection's credential, its access token renewed when it has expired or soon will.
    ///
    /// - Throws: ``ConnectionsError``; ``StorageError`` when the disk takes no lease.
    func credential(of connection: Connection, _ integration: Integration) throws -> Fresh {
        guard connection.status == .active else {
            throw ConnectionsError.reauthorizationRequired(
                slug: integration.slug, reason: connection.statusReason)
        }
        if let held = unstored.credential(of: connection) { return (held, connection) }
        guard timing.isDue(connection, now: clock.now) else {
            return (try connections.credential(of: connection), connection)
        }
        guard hasEnded(connection) else { return try early(connection, integration) }
        return try locks.withLock(connection.id) {
            try renew(connection, integration, .whatever) { timing.isDue($0, now: clock.now) }
        }
    }

    /// A newer credential than one that the API rejected; `nil` when there cannot be one.
    ///
    /// However many calls met the rejection, the token is renewed once.
    func credential(afterRejectionOf rejected: Fresh, _ integration: Integration) throws -> Fresh? {
        let connection = rejected.connection
        guard coolDown.rest(Self.futile(connection), now: clock.now) == nil else { return nil }
        let fresh = try locks.withLock(connection.id) {
            try renew(connection, integration, .whatever) {
                $0.generation == connection.generation
            }
        }
        return fresh.credential == rejected.credential ? nil : fresh
    }

    /// Notes what the API said to a token that was renewed because the API had rejected the one
    /// before. An API that rejects whatever comes would cost a refresh with each call.
    func note(isRejectedToo: Bool, _ connection: Connection) {
        if isRejectedToo {
            coolDown.noteFailure(Self.futile(connection), now: clock.now)
        } else {
            coolDown.noteSuccess(Self.futile(connection))
        }
    }

    /// Renews the tokens of a connection that nobody waits for, unless somebody does it already.
    ///
    /// - Returns: Whether they were renewed.
    func renewUnasked(_ connection: Connection, _ integration: Integration) throws -> Bool {
        let fresh = try locks.withLockIfFree(connection.id) {
            try renew(connection, integration, .ifNobodyDoes) {
                $0.generation == connection.generation
            }
        }
        return fresh.map { $0.connection.generation != connection.generation } ?? false
    }

    /// Renews a token that still works, unless that is somebody else's work at the moment or goes
    /// wrong: neither matters yet.
    private func early(_ connection: Connection, _ integration: Integration) throws -> Fresh {
        do {
            let fresh = try locks.withLockIfFree(connection.id) {
                try renew(connection, integration, .ifNobodyDoes) {
                    timing.isDue($0, now: clock.now)
                }
            }
            if let fresh { return fresh }
        } catch let error as ConnectionsError where error.isOfProvider {
            // Has been logged where it happened.
        } catch let error where error is StorageError || Self.isAboutRenewing(error) {
            logger.warning(
                "token not renewed yet",
                metadata: ["connection": "\(connection.id)", "error": "\(error)"])
        }
        return (try connections.credential(of: connection), connection)
    }

    /// What to do while another process renews the token.
    private enum Wanted {
        /// Wait for it.
        case whatever
        /// Go on with the old one.
        case ifNobodyDoes
    }

    /// Has the token renewed as long as it is the one that is to be. Called under the lock.
    private func renew(
        _ connection: Connection, _ integration: Integration, _ wanted: Wanted,
        while isOld: (Connection) -> Bool
    ) throws -> Fresh {
        var predecessor: String?
        while true {
            let old = try renewal.stored(connection, integration)
            if let held = unstored.credential(of: old.connection) {
                // The provider has replaced the refresh token that is stored: never send that.
                guard unstored.tryToStore(old.connection) else { return (held, old.connection) }
                continue
            }
            guard isOld(old.connection), case .oauth(let tokens) = old.credential else {
                return old
            }
            guard renewal.request.isPossible(tokens, old.connection, integration) else {
                guard hasEnded(old.connection) else { return old }
                try renewal.markDead(old.connection, reason: .expired)
                continue
            }
            if let rest = renewal.rest(old.connection) { throw rest.error }
            switch try lease.take(old.connection, succeeding: predecessor) {
            case .taken: return try renewal(tokens, old.connection, integration)
            case .orphaned(let holder):
                try unstored.store(keptBy: holder)
                predecessor = holder
            case .held where wanted == .ifNobodyDoes: return old
            case .held: lease.pause()
            case .outdated: continue
            }
        }
    }

    /// What keeps a token from being renewed and says nothing of the token: the integration wants
    /// data that the connection does not keep, or its secrets don't open.
    private static func isAboutRenewing(_ error: any Error) -> Bool {
        switch error {
        case ConnectionsError.conflict, ConnectionsError.sealBroken: true
        default: false
        }
    }

    private func hasEnded(_ connection: Connection) -> Bool {
        connection.tokenExpiresAt.map { $0 <= clock.now } ?? false
    }

    private static func futile(_ connection: Connection) -> String { "rejected \(connection.id)" }
}
