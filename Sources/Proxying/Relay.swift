import Addressing
import Connections
import HTTPClient
import HTTPTypes
import Integrations
import Limits
import Primitives
import Storage

/// Makes authenticated calls: resolves the target, obtains a working token, streams the upstream's
/// answer back. A 401 causes one forced refresh.
package final class Relay: Sendable {
    private let connections: ConnectionStore
    private let refresher: TokenRefresher
    private let usage: UsageLog
    private let limiter: CallLimiter
    private let sender: CallSender
    private let publicBaseURL: Origin

    /// - Parameters:
    ///   - limits: The limits for integrations that name none of their own.
    ///   - publicBaseURL: The origin under which browsers reach the host.
    package init(
        _ dependencies: Dependencies, _ stores: Stores, refresher: TokenRefresher,
        limiter: CallLimiter, limits: TransferLimits, publicBaseURL: Origin
    ) {
        connections = stores.connections
        usage = stores.usage
        self.refresher = refresher
        self.limiter = limiter
        sender = CallSender(
            transport: dependencies.transport, breaker: CircuitBreaker(clock: dependencies.clock),
            limits: limits, clock: dependencies.clock, random: { Double.random(in: 0..<1) },
            counters: dependencies.counters, logger: dependencies.logger)
        self.publicBaseURL = publicBaseURL
    }

    /// Makes a call.
    ///
    /// - Parameter moment: The beginning of the request that asks for it.
    /// - Returns: The upstream's answer, whatever its status.
    /// - Throws: ``ConnectionsError`` when there is none; ``CallRefusal`` when none was asked for.
    package func callAsFunction(
        _ call: ProxyCall, through reference: String, by caller: Caller,
        asOf moment: ContinuousClock.Instant = .now
    ) throws -> ProxiedAnswer {
        let found = try find(reference, caller, asOf: moment)
        let (connection, integration) = (found.connection, found.integration)
        let prepared = try prepare(call, integration, connection)
        let permit = try limiter.enter(integration, by: caller)
        let body = try CallBody(of: call)
        usage.note(connection)
        let fresh = try refresher.credential(of: connection, integration)
        var underWay = CallUnderWay(call: prepared, body: body, fresh: fresh, permit: permit)
        func prepareAgain(for newer: TokenRefresher.Fresh) throws -> PreparedCall {
            try follow(newer, call, integration, reference, caller)
        }
        if fresh.connection.generation != connection.generation {
            underWay.call = try prepareAgain(for: fresh)
        }
        let exchange = try exchange(&underWay, prepareAgain)
        return try ProxiedAnswer(
            exchange, to: underWay.call, with: underWay.fresh.credential,
            attempts: underWay.progress.attempts, permit: permit)
    }

    /// Sends a call, and follows its redirects, as far as that is wanted and allowed.
    private func exchange(
        _ underWay: inout CallUnderWay,
        _ prepareAgain: (TokenRefresher.Fresh) throws -> PreparedCall
    ) throws -> any HTTPExchange {
        while true {
            let exchange = try send(&underWay, prepareAgain)
            guard let redirect = try underWay.redirect(in: exchange.head) else { return exchange }
            underWay.follow(redirect)
        }
    }

    /// Sends a call, and once more where the API rejects its credential and there is a newer one.
    private func send(
        _ underWay: inout CallUnderWay,
        _ prepareAgain: (TokenRefresher.Fresh) throws -> PreparedCall
    ) throws -> any HTTPExchange {
        var exchange = try underWay.send(by: sender)
        guard exchange.head.status == .unauthorized, underWay.mayRefresh,
            let newer = try newerCredential(than: underWay.fresh, underWay.call.integration)
        else { return exchange }
        underWay.isRefreshed = true
        if underWay.body.isReplayable {
            try underWay.resetDeadline(with: newer, prepareAgain(newer))
            exchange = try underWay.send(by: sender)
        }
        // Without a second call the result is not known; an API that rejects every token must not
        // cost a refresh with each call.
        refresher.note(isRejectedToo: exchange.head.status == .unauthorized, newer.connection)
        return exchange
    }

    /// Prepares the call for the connection of a newer credential: after another authorization the
    /// connection may lead to another place.
    private func follow(
        _ fresh: TokenRefresher.Fresh, _ call: ProxyCall, _ integration: Integration,
        _ reference: String, _ caller: Caller
    ) throws -> PreparedCall {
        let current = try find(reference, caller, asOf: .now).integration
        guard !current.definition.movesTokens(from: integration.definition) else {
            // It is not known which of the two addresses the credential is for.
            throw InputError.conflict(
                code: .integrationChanged,
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
        _ reference: String, _ caller: Caller, asOf moment: ContinuousClock.Instant
    ) throws -> FoundConnection {
        do {
            return try connections.find(reference, for: caller, asOf: moment)
        } catch ConnectionsError.connectionNotFound {
            throw ConnectionsError.connectionRequired(slug: reference)
        }
    }

    /// Returns a newer credential; `nil` when there is none now: the caller gets the API's 401.
    private func newerCredential(
        than rejected: TokenRefresher.Fresh, _ integration: Integration
    ) throws -> TokenRefresher.Fresh? {
        do {
            return try refresher.credential(afterRejectionOf: rejected, integration)
        } catch let error as ConnectionsError where error.isOfProvider {
            return nil
        } catch is StorageError {
            return nil
        }
    }
}
