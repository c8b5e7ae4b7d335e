import HTTPClient
import Logging
import OAuth
import Primitives

/// Works off the queue of revocations: each entry until its provider has accepted it, or until its
/// tokens have expired.
package struct Revoker: Sendable {
    let queue: RevocationQueue
    let transport: any HTTPTransport
    let clock: Clock
    let logger: Logger
    let counters: EventCounters
    let underWay: RefreshesInFlight
    let pace: RevocationPace
    let refusals: ClientRefusals

    package init(_ dependencies: Dependencies, _ stores: Stores, refreshes: RefreshesInFlight) {
        queue = stores.revocations
        transport = dependencies.transport
        clock = dependencies.clock
        logger = dependencies.logger
        counters = dependencies.counters
        underWay = refreshes
        pace = RevocationPace(clock: dependencies.clock)
        refusals = stores.clientRefusals
    }

    /// Tries every entry that is due. A provider that fails is not asked again in this pass: one
    /// that hangs must not keep the others' entries waiting. A provider that was asked a lot has to
    /// wait for the next pass, too.
    ///
    /// - Parameter shouldStop: Called before each entry; the entries that are left stay due.
    package func attemptDue(unless shouldStop: () -> Bool) throws {
        var failing: Set<String> = []
        while !shouldStop(), let claimed = try queue.claim(except: failing.union(pace.resting)) {
            pace.count(claimed.integrationID)
            if try !attempt(claimed.id, of: claimed.integrationID) {
                failing.insert(claimed.integrationID)
            }
        }
    }

    /// Tries one entry.
    ///
    /// - Returns: Whether it is done.
    private func attempt(_ id: String, of integrationID: String) throws -> Bool {
        do {
            guard let queued = try queue.load(id) else { return true }
            // This is a refresh like any other: not while the provider refuses the client.
            if queued.needsRefresh(clock), try refusals.isInForce(integrationID) {
                throw OAuthError.refused(code: "invalid_client", status: 401)
            }
            guard let revocation = try refreshed(queued, id) else {
                try queue.remove(id)
                return true
            }
            try revocation.send(over: transport, clock) { keep(progressOf: $0, id) }
        } catch {
            counters.count(.revocationFailed)
            logger.warning(
                "revocation failed, to be tried again",
                metadata: ["revocation": "\(id)", "error": "\(error)"])
            let pause = (error as? OAuthError)?.askedPause(now: clock.now)
            if let pause { pace.rest(integrationID, seconds: pause) }
            try queue.noteFailure(id, error, pause: pause)
            return false
        }
        try queue.remove(id)
        counters.count(.revoked)
        logger.info("grant revoked", metadata: ["revocation": "\(id)"])
        return true
    }

    /// Returns the revocation with a living access token. Claiming the entry showed that the disk
    /// takes writes; a process that is told to stop waits until the new tokens are stored.
    ///
    /// - Returns: `nil` when the grant turns out to be dead: there is nothing to revoke it with.
    private func refreshed(_ queued: QueuedRevocation, _ id: String) throws -> QueuedRevocation? {
        try underWay.count {
            do {
                guard
                    let refreshed = try queued.refreshed(
                        over: transport, clock, TokenAnswerLog(logger, ["revocation": "\(id)"]))
                else {
                    return queued
                }
                store(refreshed, id)
                return refreshed
            } catch let error as OAuthError where error.isGrantDead {
                logger.notice(
                    "grant found dead: not revoked", metadata: ["revocation": "\(id)"])
                return nil
            }
        }
    }

    /// Stores which tokens the provider has accepted; they stay revoked even if that fails.
    private func keep(progressOf revocation: QueuedRevocation, _ id: String) {
        do {
            try queue.store(progressOf: revocation, id)
        } catch {
            logger.error(
                "the database did not take how far a revocation has come",
                metadata: ["revocation": "\(id)", "error": "\(error)"])
        }
    }

    /// Stores refreshed tokens. If the database does not take them, they are used all the same:
    /// this attempt may be the last one that can be made.
    private func store(_ refreshed: QueuedRevocation, _ id: String) {
        do {
            try queue.store(refreshed, id)
        } catch {
            logger.error(
                "the database did not take a token that was refreshed to be revoked",
                metadata: ["revocation": "\(id)", "error": "\(error)"])
        }
    }
}
