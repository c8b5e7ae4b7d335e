import Connections
import Foundation
import HTTPClient
import Locking
import Logging
import Storage

/// The work that no request asks for. Each process stores what it holds; one of all that share the
/// database refreshes, revokes and purges.
package final class Background: Sendable {
    private let registry: ProcessRegistry
    private let leadership: Leadership
    private let unstored: UnstoredTokens
    private let usage: UsageLog
    private let purge: Purge
    private let revoker: Revoker
    private let refresh: BackgroundRefresh
    private let metadata: MetadataRefresh
    private let refreshes: RefreshesInFlight
    private let logger: Logger
    private let works: [PeriodicWork]
    /// The time that stopping waits for work that can be done again: a batch, a revocation.
    private static let patience = Duration.milliseconds(500)
    /// The time that stopping waits for the database to take tokens that are kept nowhere else.
    private static let patienceForTokens = Duration.seconds(20)

    init(
        _ dependencies: Dependencies, _ stores: Stores, _ refreshing: Refreshing,
        registry: ProcessRegistry, leadership: Leadership, settings: KeeperSettings
    ) {
        let (database, clock) = (dependencies.database, dependencies.clock)
        let (transport, logger) = (dependencies.transport, dependencies.logger)
        let (unstored, usage) = (refreshing.unstored, stores.usage)
        let purge = Purge(
            database: database, lifetimes: settings.sessions, clock: clock,
            counters: dependencies.counters)
        let revoker = Revoker(dependencies, stores, refreshes: refreshing.refreshes)
        let refresh = BackgroundRefresh(
            due: refreshing.due, integrations: stores.integrations,
            refresher: refreshing.refresher, refusals: stores.clientRefusals, logger: logger)
        let metadata = MetadataRefresh(integrations: stores.integrations, logger: logger)
        self.registry = registry
        self.leadership = leadership
        self.unstored = unstored
        self.usage = usage
        self.purge = purge
        self.revoker = revoker
        self.refresh = refresh
        self.metadata = metadata
        self.logger = logger
        refreshes = refreshing.refreshes
        func work(
            _ name: String, every interval: Duration,
            _ body: @escaping @Sendable (@escaping @Sendable () -> Bool) throws -> Void
        ) -> PeriodicWork {
            PeriodicWork(name, every: interval) { shouldStop in
                do {
                    try body(shouldStop)
                } catch {
                    logger.error("\(name) failed", metadata: ["error": "\(error)"])
                }
            }
        }
        works = [
            work("storing", every: .seconds(1)) { _ in unstored.tryToStore() },
            work("closing connections", every: .seconds(1)) { _ in
                transport.closeExpiredConnections()
            },
            work("noting use", every: .seconds(30)) { _ in try usage.write() },
            work("recovering", every: .seconds(10)) { _ in
                if try leadership.isOurs() { try unstored.recover() }
            },
            work("purging", every: .seconds(10)) { shouldStop in
                if try leadership.isOurs() { try purge.run(unless: shouldStop) }
            },
            work("revoking", every: .seconds(1)) { shouldStop in
                if try leadership.isOurs() { try revoker.attemptDue(unless: shouldStop) }
            },
            work("refreshing", every: .seconds(5)) { shouldStop in
                if try leadership.isOurs() { try refresh.run(unless: shouldStop) }
            },
            work("reading metadata", every: .seconds(60)) { shouldStop in
                if try leadership.isOurs() { try metadata.run(unless: shouldStop) }
            },
        ]
    }

    /// Registers this process, takes over what ended processes left, and starts the rounds.
    package func start() {
        do {
            try registry.show()
            try unstored.recover()
        } catch {
            // The process serves what can be read; nothing is refreshed before this works.
            logger.error("the database takes no writes", metadata: ["error": "\(error)"])
        }
        for work in works { work.start() }
    }

    /// Starts nothing more: called first when the process is told to stop.
    package func quiesce() {
        for work in works { work.stop() }
    }

    /// Ends the work: after ``quiesce()``, and when no request is answered any more. This waits for
    /// providers that are being asked for tokens, and for the database while it does not take
    /// tokens that are kept nowhere else.
    package func stop() {
        let began = ContinuousClock.now
        for work in works {
            work.awaitEnd(within: Self.patience - (ContinuousClock.now - began))
        }
        refreshes.awaitEnd()
        let end = ContinuousClock.now + Self.patienceForTokens
        while !unstored.tryToStore(), !unstored.isKept, ContinuousClock.now < end {
            Thread.sleep(forTimeInterval: 0.2)
        }
        registry.leave()
    }

    /// Runs all of it once, for tests.
    package func round() throws {
        unstored.tryToStore()
        try usage.write()
        guard try leadership.isOurs() else { return }
        try unstored.recover()
        try purge.run { false }
        try revoker.attemptDue { false }
        try refresh.run { false }
        try metadata.run { false }
    }
}
