import Limits

/// The ways to a connection, put together: the redirect flow's two ends, and a credential that is
/// handed over.
package struct Connecting: Sendable {
    package let startConnect: StartConnect
    package let finishConnect: FinishConnect
    package let handOver: HandOver
    package let permission: ConnectPermission

    /// - Parameter stateLifetime: The time that a redirect flow may take.
    package init(
        _ dependencies: Dependencies, _ stores: Stores, limiter: CallLimiter,
        redirectURI: RedirectURI, stateLifetime: Duration
    ) {
        let (database, vault) = (dependencies.database, dependencies.vault)
        let (clock, logger) = (dependencies.clock, dependencies.logger)
        let integrations = stores.integrations
        permission = ConnectPermission(database: database, clock: clock)
        let authorizer = Authorizer(dependencies, stores, permission: permission)
        startConnect = StartConnect(
            database: database, integrations: integrations, permission: permission,
            vault: vault, redirectURI: redirectURI, clock: clock, stateLifetime: stateLifetime)
        finishConnect = FinishConnect(
            flows: ReturningFlow(
                database: database, integrations: integrations, limiter: limiter, vault: vault,
                clock: clock, logger: logger),
            connections: stores.connections, integrations: integrations, authorizer: authorizer,
            redirectURI: redirectURI, limiter: limiter, logger: logger)
        handOver = HandOver(
            integrations: integrations, permission: permission, authorizer: authorizer,
            transport: dependencies.transport, redirectURI: redirectURI, limiter: limiter,
            clock: clock)
    }
}
