import Dispatch
import Foundation
import Logging
import Storage

/// Renews tokens that nobody waits for: those in use that end soon, so that calls find fresh ones,
/// and refresh tokens that would die of age unused.
struct BackgroundRefresh: Sendable {
    let connections: ConnectionStore
    let integrations: IntegrationStore
    let refresher: TokenRefresher
    let timing: RefreshTiming
    let clock: Clock
    let logger: Logger
    /// How lately a connection has to have been used for its token to be kept fresh, in seconds.
    private static let recently: Int64 = 3600
    /// Connections looked at in one round.
    private static let batch = 500
    /// Integrations whose providers are asked at the same time, one request each.
    private static let width = 4
    /// Seconds between two requests to one provider.
    private static let pace: TimeInterval = 0.1

    /// One round: every connection that is due, each integration's one after the other.
    func run(unless shouldStop: @Sendable () -> Bool) throws {
        let due = Dictionary(grouping: try due(), by: \.integrationID).map { $0.value }
        if due.isEmpty { return }
        for start in stride(from: 0, to: due.count, by: Self.width) {
            let group = Array(due[start..<min(start + Self.width, due.count)])
            DispatchQueue.concurrentPerform(iterations: group.count) { index in
                renew(group[index], unless: shouldStop)
            }
        }
    }

    /// A provider in trouble is left alone for the rest of the round.
    private func renew(_ connections: [Connection], unless shouldStop: @Sendable () -> Bool) {
        for connection in connections where !shouldStop() {
            do {
                let integration = try integrations.find(connection.integrationID, for: .system)
                if try refresher.renewUnasked(connection, integration) {
                    Thread.sleep(forTimeInterval: Self.pace)
                }
            } catch ConnectionsError.reauthorizationRequired, ConnectionsError.connectionRequired {
                continue
            } catch ConnectionsError.providerCoolingDown {
                continue
            } catch {
                logger.warning(
                    "background refresh stopped for an integration",
                    metadata: [
                        "integration": "\(connection.integrationID)", "error": "\(error)",
                    ])
                return
            }
        }
    }

    private func due() throws -> [Connection] {
        let now = clock.now
        return try connections.database.read { reader in
            let endingSoon = try reader.all(
                """
                SELECT \(Connection.columns) FROM connection
                WHERE status = 'active' AND tokenExpiresAt <= :soon AND lastUsedAt >= :recently
                ORDER BY tokenExpiresAt LIMIT \(Self.batch)
                """,
                [
                    "soon": .integer((now + 4 * timing.margin).seconds),
                    "recently": .integer((now + -Self.recently).seconds),
                ], Connection.init(row:)
            ).filter { timing.isDue($0, now: now, ahead: 2) }
            let unused = try reader.all(
                """
                SELECT \(Connection.columns) FROM connection
                WHERE status = 'active' AND keepAliveAt <= :now
                ORDER BY keepAliveAt LIMIT \(Self.batch)
                """, ["now": .integer(now.seconds)], Connection.init(row:))
            return endingSoon + unused.filter { one in !endingSoon.contains { $0.id == one.id } }
        }
    }
}
