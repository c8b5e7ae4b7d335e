import HTTPClient
import Storage

/// Refreshing, put together for one process.
package struct Refreshing: Sendable {
    package let refresher: TokenRefresher
    package let unstored: UnstoredTokens
    package let refreshes: RefreshesInFlight
    package let due: DueRefreshes

    /// - Parameter timeout: The longest time that a provider may take to refresh a token.
    package init(
        _ dependencies: Dependencies, _ stores: Stores, registry: ProcessRegistry,
        timing: RefreshTiming, timeout: Duration
    ) {
        let (database, clock) = (dependencies.database, dependencies.clock)
        let logger = dependencies.logger
        let outcomes = RefreshOutcomes(
            database: database, credentials: stores.credentials, registry: registry, clock: clock)
        due = DueRefreshes(database: database, timing: timing, clock: clock)
        unstored = UnstoredTokens(
            connections: stores.connections, outcomes: outcomes, integrations: stores.integrations,
            revocations: stores.revocations, registry: registry, vault: dependencies.vault,
            logger: logger)
        // A token that is to be revoked is refreshed with the usual limits.
        let usual = TransferLimits.providerAnswer.total ?? .zero
        refreshes = RefreshesInFlight(longest: max(timeout, usual) + .seconds(10))
        let request = RefreshClient(
            integrations: stores.integrations, transport: dependencies.transport,
            timeout: timeout, clock: clock, logger: logger)
        let lease = RefreshLease(
            database: database, registry: registry, clock: clock, requestTime: timeout)
        refresher = TokenRefresher(
            connections: stores.connections, credentials: stores.credentials, unstored: unstored,
            lease: lease,
            attempt: RefreshAttempt(
                connections: stores.connections, credentials: stores.credentials,
                outcomes: outcomes, revocations: stores.revocations, unstored: unstored,
                request: request, lease: lease,
                refusals: stores.clientRefusals, clock: clock, logger: logger,
                counters: dependencies.counters, underWay: refreshes),
            timing: timing, clock: clock, logger: logger)
    }
}
