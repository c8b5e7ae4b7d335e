import Connections
import Foundation
import Logging
import Primitives
import Storage

/// Refreshes tokens that no caller waits for: those in use that expire soon, so that calls find
/// fresh ones, and refresh tokens that would expire unused.
///
/// Each integration is handled separately: one that fails keeps no other waiting.
package struct BackgroundRefresh: Sendable {
    let connections: ConnectionStore
    let integrations: IntegrationStore
    let refresher: TokenRefresher
    let refusals: ClientRefusals
    let timing: RefreshTiming
    let clock: Clock
    let logger: Logger
    /// The seconds since its last use for which a connection's token is kept fresh.
    private static let recently: Int64 = 3600
    /// Connections of one integration in one round.
    private static let batch = 100
    /// Integrations whose providers are asked at the same time, one request each.
    private static let width = 4
    /// The seconds by which a clock may have been wrong when a time was written down.
    private static let wrongAtMost: Int64 = 30 * 86_400
    /// Seconds between two requests to one provider.
    private static let pace = 0.1

    /// Runs one round.
    func run(unless shouldStop: @escaping @Sendable () -> Bool) throws {
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = Self.width
        for integration in try integrationsWithSomethingDue() {
            queue.addOperation {
                do {
                    try refresh(integration, unless: shouldStop)
                } catch {
                    logger.error("refreshing failed", metadata: ["error": "\(error)"])
                }
            }
        }
        queue.waitUntilAllOperationsAreFinished()
    }

    private func refresh(_ integrationID: String, unless shouldStop: () -> Bool) throws {
        for connection in try due(integrationID) where !shouldStop() {
            // One try with a wrong secret may cost a grant.
            if try refusals.isInForce(integrationID) { return }
            do {
                let integration = try integrations.find(integrationID, for: .system)
                if try refresher.refreshInBackground(connection, integration) {
                    Thread.sleep(forTimeInterval: Self.pace)
                } else {
                    // There is nothing to refresh it with, or another caller does it.
                    try connections.postponeKeepingAlive(connection)
                }
            } catch ConnectionsError.provider {
                // The provider is in trouble: left alone for the rest of the round.
                return try connections.postponeKeepingAlive(connection)
            } catch let error as any DomainError {
                logger.debug("not refreshed", metadata: ["error": "\(error)"])
                try connections.postponeKeepingAlive(connection)
            }
        }
    }

    private func integrationsWithSomethingDue() throws -> [String] {
        try connections.database.read { reader in
            try reader.all(
                """
                SELECT DISTINCT integrationId FROM connection
                WHERE \(Self.endsSoon) OR \(Self.isToBeKeptAlive)
                """, moments
            ) { $0.text(0) }
        }
    }

    private func due(_ integrationID: String) throws -> [Connection] {
        var parameters = moments
        parameters["integrationID"] = .text(integrationID)
        return try connections.database.read { reader in
            let endingSoon = try some(
                "\(Self.endsSoon) AND integrationId = :integrationID ORDER BY tokenExpiresAt",
                parameters, reader
            ).filter { timing.isDue($0, now: clock.now, ahead: 2) }
            let unused = try some(
                "\(Self.isToBeKeptAlive) AND integrationId = :integrationID ORDER BY keepAliveAt",
                parameters, reader)
            let ids = Set(endingSoon.map(\.id))
            return endingSoon + unused.filter { !ids.contains($0.id) }
        }
    }

    private func some(
        _ condition: String, _ parameters: Parameters, _ reader: Reader
    ) throws -> [Connection] {
        try reader.all(
            """
            SELECT \(Connection.columns) FROM connection WHERE \(condition) LIMIT \(Self.batch)
            """, parameters, Connection.init(row:))
    }

    private static let endsSoon =
        "(status = 'active' AND tokenExpiresAt <= :soon AND lastUsedAt >= :recently)"
    /// The second comparison is for a clock that was wrong when the time was written down.
    private static let isToBeKeptAlive =
        "(status = 'active' AND (keepAliveAt <= :now OR keepAliveAt > :tooLate))"

    private var moments: Parameters {
        [
            "now": .integer(clock.now.seconds),
            "soon": .integer((clock.now + 4 * timing.margin).seconds),
            "recently": .integer((clock.now + -Self.recently).seconds),
            "tooLate": .integer((clock.now + timing.keepAlive + Self.wrongAtMost).seconds),
        ]
    }
}
