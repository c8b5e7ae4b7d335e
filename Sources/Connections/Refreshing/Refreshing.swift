import HTTPClient
import Primitives
import Storage

/// Refreshing, put together for one process.
package struct Refreshing: Sendable {
    package let refresher: TokenRefresher
    package let unstored: UnstoredTokens
    package let renewals: RenewalsUnderWay

    /// - Parameter timeout: How long a provider may take to renew a token, in seconds.
    package init(
        _ dependencies: Dependencies, _ stores: Stores, presence: Presence, timing: RefreshTiming,
        timeout: Int64
    ) {
        let (clock, logger) = (dependencies.clock, dependencies.logger)
        unstored = UnstoredTokens(
            connections: stores.connections, integrations: stores.integrations,
            revocations: stores.revocations, presence: presence, vault: dependencies.vault,
            logger: logger)
        // A token that is to be revoked is renewed with the usual limits.
        let usual = TransferLimits.providerAnswer.total ?? 0
        renewals = RenewalsUnderWay(longest: max(Double(timeout), usual) + 10)
        let request = TokenRequest(
            integrations: stores.integrations, transport: dependencies.transport,
            timeout: timeout, clock: clock, logger: logger)
        let lease = RefreshLease(
            database: dependencies.database, presence: presence, clock: clock,
            requestTime: timeout * 1000)
        refresher = TokenRefresher(
            connections: stores.connections, unstored: unstored, lease: lease,
            renewal: TokenRenewal(
                connections: stores.connections, revocations: stores.revocations,
                unstored: unstored, request: request, lease: lease,
                refusals: stores.clientRefusals, clock: clock, logger: logger,
                tally: dependencies.tally, underWay: renewals),
            timing: timing, clock: clock, logger: logger)
    }
}
