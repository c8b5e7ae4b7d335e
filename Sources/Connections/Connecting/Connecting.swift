import Limits

/// The ways to a connection, put together: the redirect flow's two ends, and a credential that is
/// handed over.
package struct Connecting: Sendable {
    package let startConnect: StartConnect
    package let finishConnect: FinishConnect
    package let handOver: HandOver

    /// - Parameter stateLifetime: The seconds that a redirect flow may take.
    package init(
        _ dependencies: Dependencies, _ stores: Stores, limiter: CallLimiter,
        redirectURI: RedirectURI, stateLifetime: Int64
    ) {
        let (database, vault) = (dependencies.database, dependencies.vault)
        let (clock, logger) = (dependencies.clock, dependencies.logger)
        let (integrations, connections) = (stores.integrations, stores.connections)
        let authorizer = Authorizer(
            connections: connections, integrations: integrations, revocations: stores.revocations,
            refusals: stores.clientRefusals, transport: dependencies.transport, clock: clock,
            logger: logger)
        startConnect = StartConnect(
            database: database, integrations: integrations, connections: connections,
            vault: vault, redirectURI: redirectURI, clock: clock, stateLifetime: stateLifetime)
        finishConnect = FinishConnect(
            flows: ReturningFlow(
                database: database, integrations: integrations, limiter: limiter, vault: vault,
                clock: clock, logger: logger),
            connections: connections, integrations: integrations, authorizer: authorizer,
            redirectURI: redirectURI, limiter: limiter, logger: logger)
        handOver = HandOver(
            integrations: integrations, connections: connections, authorizer: authorizer,
            transport: dependencies.transport, redirectURI: redirectURI, limiter: limiter,
            clock: clock)
    }
}
