import Limits
import Logging
import OAuth
import Primitives
import Storage
import Vault

/// The flow that a callback belongs to: of many callbacks with one state the first gets it, and the
/// others get its end.
package struct ReturningFlow: Sendable {
    package enum Claim {
        /// The state is used up now; the caller goes on with the flow.
        case first(PendingAuthorization)
        /// It was used before, or has expired.
        case again(UsedState, UsedState.End)
        /// No flow of this browser and user has that state.
        case unknown
    }

    let database: Database
    let integrations: IntegrationStore
    let limiter: CallLimiter
    let vault: Vault
    let clock: Clock
    let logger: Logger

    /// The milliseconds that a callback waits for an earlier one of its state: longer than a
    /// provider usually takes, and shorter than nginx waits.
    private static let patience: Int64 = 20_000
    /// The time between two looks while it waits.
    private static let glance = Duration.milliseconds(100)
    /// The seconds after which a flow without an end is taken for lost: its process died.
    private static let longest: Int64 = 120

    /// - Parameters:
    ///   - browserID: The id that the browser is known by, if any.
    ///   - signedIn: The caller that is signed in now, if any.
    func claim(
        _ response: AuthorizationResponse, browserID: String?, signedIn: Caller?
    ) throws -> Claim {
        guard let state = response.state, let browserID else { return .unknown }
        let userID = signedIn?.userID
        let isCode = if case .code = response.outcome { true } else { false }
        let now = clock.now
        let taken = try database.write { transaction -> PendingAuthorization? in
            let pending = try PendingAuthorization.take(
                state: state, browserID: browserID, userID: userID, vault: vault, transaction)
            try pending?.used(at: now, hadCode: isCode)
                .insert(state: state, browserID: browserID, transaction)
            return pending
        }
        if let taken, taken.expiresAt > now { return .first(taken) }
        func find() throws -> UsedState? {
            try database.read {
                try UsedState.find(
                    state: state, browserID: browserID, userID: userID, now: now, $0)
            }
        }
        guard let used = try find() else { return .unknown }
        // The user said no, came back to the provider's page and said yes: that code is not taken.
        if isCode, !used.hadCode { return .again(used, .failed(.unknownState)) }
        return .again(used, try end(of: used, find))
    }

    /// The only flow that a browser has under way; `nil` where there are more, or none. It stays.
    func only(
        ofBrowser browserID: String?, signedIn: Caller?
    ) throws -> PendingAuthorization? {
        guard let browserID else { return nil }
        return try database.read {
            try PendingAuthorization.only(
                ofBrowser: browserID, userID: signedIn?.userID, now: clock.now, $0)
        }
    }

    /// Writes down how a flow ended. Where that fails, a callback that comes again is told that the
    /// state was used.
    func settle(_ state: String?, _ result: ConnectOutcome.Result) {
        guard let state else { return }
        let end: UsedState.End =
            switch result {
            case .connected(let connection): .connected(id: connection.id)
            case .failed(let failure): .failed(failure)
            }
        do {
            try database.write { try UsedState.settle(state: state, end, $0) }
        } catch {
            logger.warning("could not note how a flow ended", metadata: ["error": "\(error)"])
        }
    }

    /// Returns how the flow ended, or ends while we wait.
    private func end(
        of used: UsedState, _ find: () throws -> UsedState?
    ) throws -> UsedState.End {
        if let end = used.end { return end }
        guard clock.now - used.usedAt < Self.longest else { return .failed(.unknownState) }
        // It waits for a provider, as the first one does, and holds a worker meanwhile.
        guard let integration = try? integrations.find(used.integrationID, for: used.user),
            let permit = try? limiter.enterWaiting(integration, by: used.user)
        else { return .failed(.underWay) }
        return try withExtendedLifetime(permit) {
            let deadline = clock.uptime + Self.patience
            while clock.uptime < deadline {
                _ = clock.wait(Self.glance, watching: nil)
                // Signing out forgets it.
                guard let now = try find() else { return .failed(.unknownState) }
                if let end = now.end { return end }
            }
            return .failed(.underWay)
        }
    }
}

extension PendingAuthorization {
    /// The record of it that stays when its browser comes back.
    fileprivate func used(at now: Timestamp, hadCode: Bool) -> UsedState {
        UsedState(
            user: user, integrationID: integrationID, returnTo: returnTo, isPopup: isPopup,
            hadCode: hadCode, usedAt: now, end: expiresAt > now ? nil : .failed(.unknownState))
    }
}
