import HTTPClient
import Primitives
import Storage

/// Refreshing, put together for one process.
package struct Refreshing: Sendable {
    package let refresher: TokenRefresher
    package let unstored: UnstoredTokens
    package let refreshes: RefreshesInFlight

    /// - Parameter timeout: How long a provider may take to refresh a token, in seconds.
    package init(
        _ dependencies: Dependencies, _ stores: Stores, registry: ProcessRegistry,
        timing: RefreshTiming,
        timeout: Int64
    ) {
        let (clock, logger) = (dependencies.clock, dependencies.logger)
        unstored = UnstoredTokens(
            connections: stores.connections, integrations: stores.integrations,
            revocations: stores.revocations, registry: registry, vault: dependencies.vault,
            logger: logger)
        // A token that is to be revoked is refreshed with the usual limits.
        let usual = TransferLimits.providerAnswer.total ?? 0
        refreshes = RefreshesInFlight(longest: max(Double(timeout), usual) + 10)
        let request = RefreshClient(
            integrations: stores.integrations, transport: dependencies.transport,
            timeout: timeout, clock: clock, logger: logger)
        let lease = RefreshLease(
            database: dependencies.database, registry: registry, clock: clock,
            requestTime: timeout * 1000)
        refresher = TokenRefresher(
            connections: stores.connections, unstored: unstored, lease: lease,
            attempt: RefreshAttempt(
                connections: stores.connections, revocations: stores.revocations,
                unstored: unstored, request: request, lease: lease,
                refusals: stores.clientRefusals, clock: clock, logger: logger,
                counters: dependencies.counters, underWay: refreshes),
            timing: timing, clock: clock, logger: logger)
    }
}
