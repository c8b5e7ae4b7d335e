import Connections
import Foundation
import Logging
import Primitives

/// Refreshes tokens that no caller waits for: those in use that expire soon, so that calls find
/// fresh ones, and refresh tokens that would expire unused.
///
/// Each integration is handled separately: one that fails keeps no other waiting.
package struct BackgroundRefresh: Sendable {
    let due: DueRefreshes
    let integrations: IntegrationStore
    let refresher: TokenRefresher
    let refusals: ClientRefusals
    let logger: Logger
    /// Integrations whose providers are asked at the same time, one request each.
    private static let width = 4
    /// Seconds between two requests to one provider.
    private static let pace = 0.1

    /// Runs one round.
    func run(unless shouldStop: @escaping @Sendable () -> Bool) throws {
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = Self.width
        for integration in try due.integrationIDs() {
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
        for connection in try due.connections(integrationID: integrationID)
        where !shouldStop() {
            // One try with a wrong secret may cost a grant.
            if try refusals.isInForce(integrationID) { return }
            do {
                let integration = try integrations.find(integrationID, for: .system)
                if try refresher.refreshInBackground(connection, integration) {
                    Thread.sleep(forTimeInterval: Self.pace)
                } else {
                    // There is nothing to refresh it with, or another caller does it.
                    try due.postpone(connection)
                }
            } catch ConnectionsError.provider {
                // The provider is in trouble: left alone for the rest of the round.
                return try due.postpone(connection)
            } catch let error as any DomainError {
                logger.debug("not refreshed", metadata: ["error": "\(error)"])
                try due.postpone(connection)
            }
        }
    }
}
