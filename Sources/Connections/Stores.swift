import Integrations

/// The tables' owners: one of each for a database.
package struct Stores: Sendable {
    package let integrations: IntegrationStore
    package let connections: ConnectionStore
    let credentials: ConnectionCredentials
    package let revocations: RevocationQueue
    package let sessions: SessionStore
    package let apiKeys: APIKeyStore
    package let clientRefusals: ClientRefusals
    package let refusedUserIDs: RefusedUserIDs
    package let usage: UsageLog

    /// - Parameters:
    ///   - allowsHTTP: Whether integrations may name `http` URLs.
    ///   - refreshTimeout: The longest time that a provider may take to refresh a token.
    package init(
        _ dependencies: Dependencies, catalogue: ProviderCatalogue, allowsHTTP: Bool,
        sessionLifetimes: SessionLifetimes, timing: RefreshTiming, refreshTimeout: Duration
    ) {
        let (database, vault) = (dependencies.database, dependencies.vault)
        let (clock, logger) = (dependencies.clock, dependencies.logger)
        integrations = IntegrationStore(
            database: database, vault: vault, clock: clock,
            resolver: IntegrationResolver(
                catalogue: catalogue, transport: dependencies.transport, allowsHTTP: allowsHTTP))
        connections = ConnectionStore(database: database, integrations: integrations)
        credentials = ConnectionCredentials(vault: vault, timing: timing, clock: clock)
        revocations = RevocationQueue(
            database: database, integrations: integrations, vault: vault, clock: clock,
            logger: logger, counters: dependencies.counters)
        sessions = SessionStore(database: database, clock: clock, lifetimes: sessionLifetimes)
        apiKeys = APIKeyStore(database: database, clock: clock)
        // Storing the answer may wait for the database.
        clientRefusals = ClientRefusals(
            database: database, clock: clock, logger: logger,
            longestTry: refreshTimeout + .seconds(15))
        refusedUserIDs = RefusedUserIDs(database: database)
        usage = UsageLog(database: database, clock: clock)
    }
}
