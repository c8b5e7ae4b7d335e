import HTTPClient
import Logging
import OAuth

/// Works off the queue of revocations: each entry until its provider has accepted it, or until
/// its tokens have ended by themselves.
struct Revoker: Sendable {
    let queue: RevocationQueue
    let transport: any HTTPTransport
    let clock: Clock
    let logger: Logger
    let tally: Tally

    /// Tries every entry that is due. A provider that fails is asked no more in this pass: one
    /// that hangs must not keep the others' entries waiting.
    ///
    /// - Parameter shouldStop: Asked before each; what is left stays due.
    func attemptDue(unless shouldStop: () -> Bool) throws {
        var failing: Set<String> = []
        while !shouldStop(), let claimed = try queue.claim(except: failing) {
            if try !attempt(claimed.id) { failing.insert(claimed.integrationID) }
        }
    }

    /// - Returns: Whether it is done.
    private func attempt(_ id: String) throws -> Bool {
        do {
            guard let revocation = try queue.load(id) else { return true }
            try send(revocation, id)
        } catch {
            tally.count(.revocationFailed)
            logger.warning(
                "revocation failed, to be tried again",
                metadata: ["revocation": "\(id)", "error": "\(error)"])
            try queue.noteFailure(id, error)
            return false
        }
        try queue.remove(id)
        tally.count(.revoked)
        logger.info("grant revoked", metadata: ["revocation": "\(id)"])
        return true
    }

    private func send(_ revocation: QueuedRevocation, _ id: String) throws {
        do {
            if let renewed = try revocation.renewed(over: transport, clock) {
                try queue.store(renewed, id)
                return try renewed.send(over: transport, clock)
            }
        } catch let error as OAuthError where error.isGrantDead {
            // There is nothing left to be revoked.
            return
        }
        try revocation.send(over: transport, clock)
    }
}
