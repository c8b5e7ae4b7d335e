import Connections
import HTTPClient
import Integrations
import Limits
import Logging
import Primitives
import Proxying
import Storage
import Vault

/// The domain, assembled: one object of each type, sharing a database, a vault and a transport.
package struct Keeper: Sendable {
    package let settings: KeeperSettings
    package let readiness: Readiness
    package let integrations: IntegrationStore
    package let sessions: SessionStore
    package let apiKeys: APIKeyStore
    package let connections: ConnectionStore
    package let startConnect: StartConnect
    package let finishConnect: FinishConnect
    package let handOver: HandOver
    package let connectPermission: ConnectPermission
    package let disconnector: Disconnector
    package let revocations: RevocationQueue
    package let clientRefusals: ClientRefusals
    package let limiter: CallLimiter
    package let relay: Relay
    package let background: Background
    package let statistics: StatisticsReader
    package let keyRingWatch: KeyRingWatch
    package let vaultMaintenance: VaultMaintenance
    package let deepCheck: DeepCheck
    package let refusedUserIDs: RefusedUserIDs
    package let redirectURI: RedirectURI
    package let loopMark: LoopMark
    private let database: Database

    /// Opens the database.
    ///
    /// - Throws: ``StorageError``; ``VaultError/sealBroken(_:)`` when the key ring is not the one
    ///   that the database was sealed with.
    package init(
        settings: KeeperSettings, databasePath: String, keyRing: LiveKeyRing,
        transport: any HTTPTransport, catalogue: ProviderCatalogue = .empty,
        clock: Clock = .system, logger: Logger
    ) throws {
        self.settings = settings
        loopMark = LoopMark(keyRing.keyRing)
        database = try Database(path: databasePath, migrations: Schema.migrations)
        try SealingKey.verify(keyRing.keyRing, in: database)
        let dependencies = Dependencies(
            database: database, vault: Vault(keyRing: keyRing),
            transport: MarkingTransport(transport: transport, mark: loopMark.text), clock: clock,
            logger: logger)
        let stores = Stores(
            dependencies, catalogue: catalogue, allowsHTTP: settings.allowsHTTP,
            sessionLifetimes: settings.sessions, timing: settings.refreshTiming,
            refreshTimeout: settings.refreshTimeout)
        let registry = ProcessRegistry(database: databasePath, id: Identifier.make("p"))
        let limiter = CallLimiter(
            share: settings.workerShare, clock: clock, counters: dependencies.counters)
        let refreshing = Refreshing(
            dependencies, stores, registry: registry, timing: settings.refreshTiming,
            timeout: settings.refreshTimeout)
        redirectURI = RedirectURI(publicBaseURL: settings.publicBaseURL)
        let connecting = Connecting(
            dependencies, stores, limiter: limiter, redirectURI: redirectURI,
            stateLifetime: settings.stateLifetime)
        let leadership = Leadership(
            database: database, registry: registry, clock: clock, logger: logger)
        integrations = stores.integrations
        connections = stores.connections
        revocations = stores.revocations
        sessions = stores.sessions
        apiKeys = stores.apiKeys
        clientRefusals = stores.clientRefusals
        refusedUserIDs = stores.refusedUserIDs
        startConnect = connecting.startConnect
        finishConnect = connecting.finishConnect
        handOver = connecting.handOver
        connectPermission = connecting.permission
        disconnector = Disconnector(dependencies, stores)
        self.limiter = limiter
        relay = Relay(
            dependencies, stores, refresher: refreshing.refresher, limiter: limiter,
            limits: settings.proxyLimits, publicBaseURL: settings.publicBaseURL)
        background = Background(
            dependencies, stores, refreshing, registry: registry, leadership: leadership,
            settings: settings)
        statistics = StatisticsReader(
            database: database, unstored: refreshing.unstored, leadership: leadership,
            limiter: limiter, counters: dependencies.counters)
        readiness = Readiness(database: database, keyRing: keyRing, clock: clock)
        keyRingWatch = KeyRingWatch(
            database: database, keys: keyRing, registry: registry, clock: clock, logger: logger)
        vaultMaintenance = VaultMaintenance(
            database: database, columns: SealedColumn.all, keys: keyRing, registry: registry)
        deepCheck = DeepCheck(database: database, keys: keyRing)
    }

    /// Copies the database to a file, which must not exist yet, while others work with it.
    ///
    /// - Returns: The ids of the keys that the copy needs.
    /// - Throws: `StorageError`.
    package func backUp(to path: String) throws -> [String] {
        try database.backUp(to: path)
        return try database.read(SealingKey.ids)
    }
}
