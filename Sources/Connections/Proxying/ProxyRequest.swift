import HTTPClient
import HTTPTypes
import Storage

/// Makes authenticated calls: the target resolved, a token that works, the upstream's answer
/// streamed back. A 401 comes back once for a forced refresh.
package final class ProxyRequest: Sendable {
    private let connections: ConnectionStore
    private let refresher: TokenRefresher
    private let usage: UsageLog
    private let limiter: CallLimiter
    private let sender: CallSender
    private let publicBaseURL: String

    init(
        connections: ConnectionStore, refresher: TokenRefresher, usage: UsageLog,
        limiter: CallLimiter, sender: CallSender, publicBaseURL: String
    ) {
        self.connections = connections
        self.refresher = refresher
        self.usage = usage
        self.limiter = limiter
        self.sender = sender
        self.publicBaseURL = publicBaseURL
    }

    /// - Returns: The upstream's answer, whatever its status.
    /// - Throws: ``ConnectionsError`` when there is none; ``CallRefusal`` when none was asked for.
    package func callAsFunction(
        _ call: ProxyCall, through reference: String, by caller: Caller
    ) throws -> ProxiedAnswer {
        let (connection, integration) = try find(reference, caller)
        var prepared = try prepare(call, integration, connection)
        let permit = try limiter.enter(integration, by: caller)
        let body = try CallBody(of: call)
        usage.note(connection)
        var fresh = try refresher.credential(of: connection, integration)
        if fresh.connection.generation != connection.generation {
            prepared = try follow(fresh, call, integration, reference, caller)
        }
        var progress = CallSender.Progress()
        var exchange = try sender.send(prepared, body, with: fresh.credential, permit, &progress)
        if exchange.head.status == .unauthorized,
            let newer = try newerCredential(than: fresh, integration)
        {
            if body.isWhole {
                prepared = try follow(newer, call, integration, reference, caller)
                fresh = newer
                progress.beginAnew()
                exchange = try sender.send(
                    prepared, body, with: fresh.credential, permit, &progress)
            }
            // Without a second call nobody knows; an API that rejects whatever comes must not cost
            // a refresh with each call.
            refresher.note(
                isRejectedToo: exchange.head.status == .unauthorized, newer.connection)
        }
        return try ProxiedAnswer(
            exchange, to: prepared, with: fresh.credential, attempts: progress.attempts,
            permit: permit)
    }

    /// The call as the connection has it that a newer credential belongs to: whoever has connected
    /// again meanwhile may be somewhere else.
    private func follow(
        _ fresh: TokenRefresher.Fresh, _ call: ProxyCall, _ integration: Integration,
        _ reference: String, _ caller: Caller
    ) throws -> PreparedCall {
        let current = try find(reference, caller).1
        guard !current.definition.movesTokens(from: integration.definition) else {
            // Nobody knows which of its two addresses the credential is for.
            throw ConnectionsError.conflict(
                code: "integration_changed",
                detail: "The integration was changed meanwhile. Try again.")
        }
        return try prepare(call, current, fresh.connection)
    }

    private func prepare(
        _ call: ProxyCall, _ integration: Integration, _ connection: Connection
    ) throws -> PreparedCall {
        try PreparedCall(call, integration, connection, publicBaseURL: publicBaseURL)
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
