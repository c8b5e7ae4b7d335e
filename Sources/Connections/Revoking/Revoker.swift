import HTTPClient
import Logging

/// Works off the queue of revocations: each entry until its provider has accepted it, or until
/// its tokens have ended by themselves.
struct Revoker: Sendable {
    let queue: RevocationQueue
    let transport: any HTTPTransport
    let logger: Logger
    let tally: Tally

    /// Tries every entry that is due.
    ///
    /// - Parameter shouldStop: Asked before each; what is left stays due.
    func attemptDue(unless shouldStop: () -> Bool) throws {
        while !shouldStop(), let id = try queue.claim() { try attempt(id) }
    }

    private func attempt(_ id: String) throws {
        do {
            guard let revocation = try queue.load(id) else { return }
            try revocation.send(over: transport)
        } catch {
            tally.count(.revocationFailed)
            logger.warning(
                "revocation failed, to be tried again",
                metadata: ["revocation": "\(id)", "error": "\(error)"])
            return try queue.noteFailure(id, error)
        }
        try queue.remove(id)
        tally.count(.revoked)
        logger.info("grant revoked", metadata: ["revocation": "\(id)"])
    }
}
