import HTTPClient
import HTTPTypes
import Storage

/// Makes authenticated calls: the target resolved, a token that works, the upstream's answer
/// streamed back. A 401 comes back once for a forced refresh.
package final class ProxyRequest: Sendable {
    private let connections: ConnectionStore
    private let refresher: TokenRefresher
    private let usage: UsageLog
    private let traffic: Traffic
    private let sender: CallSender

    init(
        connections: ConnectionStore, refresher: TokenRefresher, usage: UsageLog,
        traffic: Traffic, sender: CallSender
    ) {
        self.connections = connections
        self.refresher = refresher
        self.usage = usage
        self.traffic = traffic
        self.sender = sender
    }

    /// - Returns: The upstream's answer, whatever its status.
    /// - Throws: ``ConnectionsError`` when there is none; ``CallRefusal`` when none was asked for.
    package func callAsFunction(
        _ call: ProxyCall, through reference: String, by caller: Caller
    ) throws -> ProxiedAnswer {
        let (connection, integration) = try find(reference, caller)
        let call = try PreparedCall(call, integration, connection)
        let passage = try traffic.enter(integration)
        usage.note(connection)
        var fresh = try refresher.credential(of: connection, integration)
        var progress = CallSender.Progress()
        var exchange = try sender.send(
            call, through: integration, with: fresh.credential, passage, &progress)
        if exchange.head.status == .unauthorized, call.body.isWhole,
            let newer = try newerCredential(than: fresh, integration)
        {
            fresh = newer
            exchange = try sender.send(
                call, through: integration, with: fresh.credential, passage, &progress)
            refresher.note(
                isRejectedToo: exchange.head.status == .unauthorized, fresh.connection)
        }
        return ProxiedAnswer(
            exchange, to: call, attempts: progress.attempts, passage: passage)
    }

    private func find(
        _ reference: String, _ caller: Caller
    ) throws -> (Connection, Integration) {
        do {
            return try connections.find(reference, for: caller)
        } catch ConnectionsError.connectionNotFound {
            throw ConnectionsError.connectionRequired(slug: reference)
        }
    }

    /// `nil` when there is none to be had at the moment: the API's own 401 says enough then.
    private func newerCredential(
        than rejected: TokenRefresher.Fresh, _ integration: Integration
    ) throws -> TokenRefresher.Fresh? {
        do {
            return try refresher.credential(afterRejectionOf: rejected, integration)
        } catch ConnectionsError.provider, ConnectionsError.providerCoolingDown {
            return nil
        } catch is StorageError {
            return nil
        }
    }
}
