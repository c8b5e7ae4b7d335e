import Foundation
import Logging
import Storage

/// What has to happen without being asked for. Each process stores what it holds; one of all that
/// share the database renews, revokes and purges.
package final class Background: Sendable {
    private let presence: Presence
    private let leadership: Leadership
    private let unstored: UnstoredTokens
    private let usage: UsageLog
    private let purge: Purge
    private let revoker: Revoker
    private let refresh: BackgroundRefresh
    private let logger: Logger
    private let works: [PeriodicWork]
    private let refreshing: PeriodicWork
    /// Seconds that stopping waits for what can be done again: a batch, a revocation.
    private static let patience: TimeInterval = 0.5
    /// Seconds that stopping waits for tokens that would be lost.
    private static let patienceForTokens: TimeInterval = 20

    init(
        presence: Presence, leadership: Leadership, unstored: UnstoredTokens, usage: UsageLog,
        purge: Purge, revoker: Revoker, refresh: BackgroundRefresh, logger: Logger
    ) {
        self.presence = presence
        self.leadership = leadership
        self.unstored = unstored
        self.usage = usage
        self.purge = purge
        self.revoker = revoker
        self.refresh = refresh
        self.logger = logger
        func guarded(
            _ name: String, _ work: @escaping @Sendable (@Sendable () -> Bool) throws -> Void
        ) -> PeriodicWork.Body {
            { shouldStop in
                do {
                    try work(shouldStop)
                } catch {
                    logger.error("\(name) failed", metadata: ["error": "\(error)"])
                }
            }
        }
        works = [
            PeriodicWork("keeping", every: 1, guarded("keeping") { _ in unstored.tryToStore() }),
            PeriodicWork("usage", every: 30, guarded("usage") { _ in try usage.write() }),
            PeriodicWork(
                "purge", every: 10,
                guarded("purge") { shouldStop in
                    guard try leadership.isOurs() else { return }
                    try unstored.recover()
                    try purge.run(unless: shouldStop)
                }),
            PeriodicWork(
                "revoking", every: 1,
                guarded("revoking") { shouldStop in
                    if try leadership.isOurs() { try revoker.attemptDue(unless: shouldStop) }
                }),
        ]
        refreshing = PeriodicWork(
            "refreshing", every: 5,
            guarded("refreshing") { shouldStop in
                if try leadership.isOurs() { try refresh.run(unless: shouldStop) }
            })
    }

    /// Has other processes see this one, takes over what ended ones left, and begins the rounds.
    package func start() {
        do {
            try presence.show()
            try unstored.recover()
        } catch {
            // Serves what can be read; nothing is refreshed before this works.
            logger.error("the database takes no writes", metadata: ["error": "\(error)"])
        }
        for work in works + [refreshing] { work.start() }
    }

    /// Ends the rounds. A provider that is being asked for tokens is waited for, and so is the
    /// database while it does not take tokens that are kept nowhere else.
    package func stop() {
        for work in works + [refreshing] { work.stop() }
        let limit = Date() + Self.patience
        for work in works { work.await(until: limit) }
        let end = Date() + Self.patienceForTokens
        refreshing.await(until: end)
        _ = try? usage.write()
        leadership.giveUp()
        while !unstored.tryToStore(), !unstored.isKept, Date() < end {
            Thread.sleep(forTimeInterval: 0.2)
        }
        presence.leave()
    }

    /// All of it, once: what a test runs by itself.
    package func round() throws {
        unstored.tryToStore()
        try usage.write()
        guard try leadership.isOurs() else { return }
        try unstored.recover()
        try purge.run { false }
        try revoker.attemptDue { false }
        try refresh.run { false }
    }
}
