import HTTPClient
import Logging
import Storage

/// The service's settings, as far as the domain goes by them.
package struct KeeperSettings: Sendable {
    /// The origin under which browsers reach the host, without a slash at its end.
    package var publicBaseURL: String
    package var sessions = SessionLifetimes()
    /// How long a redirect flow may take, in seconds.
    package var stateLifetime: Int64 = 600
    /// When tokens are renewed.
    package var refreshTiming = RefreshTiming()
    /// How long a provider may take to renew a token, in seconds.
    package var refreshTimeout: Int64 = 15
    /// Whether integrations may name `http` URLs.
    package var allowsHTTP = false
    /// Limits of a proxied call.
    package var proxyLimits = TransferLimits()
    /// How many of the workers one integration's calls may hold.
    package var workerShare = WorkerShare(percent: 100, ofWorkers: 1024)

    package init(publicBaseURL: String) {
        self.publicBaseURL = publicBaseURL
    }
}

/// The domain, put together: one of each, sharing a database, a vault and a transport.
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
    package let disconnector: Disconnector
    package let revocations: RevocationQueue
    package let clientRefusals: ClientRefusals
    package let limiter: CallLimiter
    package let proxyRequest: ProxyRequest
    package let background: Background
    package let statistics: StatisticsReader
    package let keyRingWatch: KeyRingWatch
    package let vaultCare: VaultCare
    package let deepCheck: DeepCheck
    package let refusedUserIDs: RefusedUserIDs
    private let database: Database
    package let redirectURI: RedirectURI
    package let loopMark: LoopMark

    /// - Throws: ``StorageError``; ``ConnectionsError/sealBroken(_:)`` when the key ring is not
    ///   the one that the database was sealed with.
    package init(
        settings: KeeperSettings, databasePath: String, keyRing: LiveKeyRing,
        transport: any HTTPTransport, catalogue: ProviderCatalogue = .empty,
        clock: Clock = .system, logger: Logger
    ) throws {
        self.settings = settings
        loopMark = LoopMark(keyRing.keyRing)
        let transport = MarkingTransport(transport: transport, mark: loopMark.text)
        let database = try Database(path: databasePath, migrations: Schema.migrations)
        try SealingKey.verify(keyRing.keyRing, in: database)
        let vault = Vault(keyRing: keyRing)
        let redirectURI = RedirectURI(publicBaseURL: settings.publicBaseURL)
        let integrations = IntegrationStore(
            database: database, vault: vault, clock: clock,
            resolver: IntegrationResolver(
                catalogue: catalogue, transport: transport, allowsHTTP: settings.allowsHTTP))
        let connections = ConnectionStore(
            database: database, integrations: integrations, vault: vault,
            timing: settings.refreshTiming, clock: clock)
        let tally = Tally()
        let revocations = RevocationQueue(
            database: database, integrations: integrations, vault: vault, clock: clock,
            logger: logger, tally: tally)
        let limiter = CallLimiter(share: settings.workerShare, clock: clock, tally: tally)
        // Storing what comes may wait for the database.
        let refusals = ClientRefusals(
            database: database, clock: clock, logger: logger,
            longestTry: settings.refreshTimeout + 15)
        let authorizer = Authorizer(
            connections: connections, integrations: integrations, revocations: revocations,
            refusals: refusals, transport: transport, clock: clock, logger: logger)
        let presence = Presence(database: databasePath, id: Identifier.make("p"))
        let unstored = UnstoredTokens(
            connections: connections, integrations: integrations, revocations: revocations,
            presence: presence, vault: vault, logger: logger)
        let lease = RefreshLease(
            database: database, presence: presence, clock: clock,
            requestTime: settings.refreshTimeout * 1000)
        // A token that is to be revoked is renewed with the usual limits.
        let usual = TransferLimits.providerAnswer.total ?? 0
        let underWay = RenewalsUnderWay(
            longest: max(Double(settings.refreshTimeout), usual) + 10)
        let renewal = TokenRenewal(
            connections: connections, revocations: revocations, unstored: unstored,
            request: TokenRequest(
                integrations: integrations, transport: transport, timeout: settings.refreshTimeout,
                clock: clock, logger: logger),
            lease: lease, refusals: refusals, clock: clock, logger: logger, tally: tally,
            underWay: underWay)
        let refresher = TokenRefresher(
            connections: connections, unstored: unstored, lease: lease, renewal: renewal,
            timing: settings.refreshTiming, clock: clock, logger: logger)
        let leadership = Leadership(
            database: database, presence: presence, clock: clock, logger: logger)
        let usage = UsageLog(database: database, clock: clock)
        readiness = Readiness(database: database, keyRing: keyRing, clock: clock)
        self.integrations = integrations
        self.connections = connections
        self.revocations = revocations
        clientRefusals = refusals
        self.limiter = limiter
        self.redirectURI = redirectURI
        statistics = StatisticsReader(
            database: database, unstored: unstored, leadership: leadership, limiter: limiter,
            tally: tally)
        sessions = SessionStore(database: database, clock: clock, lifetimes: settings.sessions)
        apiKeys = APIKeyStore(database: database, clock: clock)
        startConnect = StartConnect(
            database: database, integrations: integrations, connections: connections,
            vault: vault, redirectURI: redirectURI, clock: clock,
            stateLifetime: settings.stateLifetime)
        finishConnect = FinishConnect(
            flows: ReturningFlow(
                database: database, integrations: integrations, limiter: limiter, vault: vault,
                clock: clock, logger: logger),
            connections: connections, integrations: integrations, authorizer: authorizer,
            redirectURI: redirectURI, limiter: limiter, logger: logger)
        handOver = HandOver(
            integrations: integrations, connections: connections, authorizer: authorizer,
            transport: transport, redirectURI: redirectURI, limiter: limiter, clock: clock)
        disconnector = Disconnector(
            connections: connections, integrations: integrations, revocations: revocations,
            logger: logger)
        proxyRequest = ProxyRequest(
            connections: connections, refresher: refresher, usage: usage, limiter: limiter,
            sender: CallSender(
                transport: transport, breaker: CircuitBreaker(clock: clock),
                limits: settings.proxyLimits,
                clock: clock, random: { Double.random(in: 0..<1) },
                tally: tally, logger: logger),
            publicBaseURL: settings.publicBaseURL)
        background = Background(
            presence: presence,
            leadership: leadership,
            unstored: unstored, usage: usage,
            purge: Purge(
                database: database, lifetimes: settings.sessions, clock: clock, tally: tally),
            revoker: Revoker(
                queue: revocations, transport: transport, clock: clock, logger: logger,
                tally: tally, underWay: underWay, pace: RevocationPace(clock: clock),
                refusals: refusals),
            refresh: BackgroundRefresh(
                connections: connections, integrations: integrations, refresher: refresher,
                refusals: refusals, timing: settings.refreshTiming, clock: clock, logger: logger),
            metadata: MetadataRefresh(integrations: integrations, logger: logger),
            renewals: underWay, transport: transport, logger: logger)
        keyRingWatch = KeyRingWatch(
            database: database, keys: keyRing, presence: presence, clock: clock, logger: logger)
        deepCheck = DeepCheck(database: database, keys: keyRing)
        refusedUserIDs = RefusedUserIDs(database: database)
        self.database = database
        vaultCare = VaultCare(database: database, keys: keyRing, presence: presence)
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
