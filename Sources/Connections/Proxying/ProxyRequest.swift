import Encoding
import HTTPClient
import HTTPTypes
import Logging
import Storage

/// Makes authenticated calls: the target resolved, a token that works, the upstream's answer
/// streamed back. A 401 comes back once for a forced refresh.
package final class ProxyRequest: Sendable {
    private let connections: ConnectionStore
    private let refresher: TokenRefresher
    private let usage: UsageLog
    private let transport: any HTTPTransport
    private let limits: TransferLimits

    init(
        connections: ConnectionStore, refresher: TokenRefresher, usage: UsageLog,
        transport: any HTTPTransport, limits: TransferLimits
    ) {
        self.usage = usage
        self.connections = connections
        self.refresher = refresher
        self.transport = transport
        self.limits = limits
    }

    /// - Returns: The upstream's answer, whatever its status.
    /// - Throws: ``ConnectionsError`` when there is none.
    package func callAsFunction(
        _ call: ProxyCall, through reference: String, by caller: Caller
    ) throws -> ProxiedAnswer {
        let (connection, integration) = try find(reference, caller)
        let definition = integration.definition
        let target = try resolve(call.target, definition)
        let headers = try headers(of: call, definition)
        usage.note(connection)
        var fresh = try refresher.credential(of: connection, integration)
        var answer = try send(call, target, headers, definition, fresh.credential)
        if answer.status == .unauthorized,
            let newer = try newerCredential(than: fresh, integration), call.body.canBeSentAgain
        {
            fresh = newer
            answer = try send(call, target, headers, definition, fresh.credential)
            refresher.note(isRejectedToo: answer.status == .unauthorized, fresh.connection)
        }
        return answer
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

    private func resolve(
        _ target: ProxyCall.Target, _ definition: IntegrationDefinition
    ) throws -> ProxyTarget {
        switch target {
        case .path(let path):
            return try ProxyTarget(relative: path, base: definition.apiBaseUri)
        case .url(let url, let parameters):
            var target = try ProxyTarget(
                url, bases: [definition.apiBaseUri] + definition.apiHosts)
            target.append(parameters)
            return target
        }
    }

    private func headers(
        of call: ProxyCall, _ definition: IntegrationDefinition
    ) throws -> HTTPFields {
        var headers =
            switch call.headers {
            case .written(let fields): try ForwardedHeaders.ofJSONForm(fields)
            case .incoming(let fields):
                ForwardedHeaders.ofPathForm(fields, alsoAllowed: definition.forwardHeaders)
            }
        if let contentType = call.contentType, headers[.contentType] == nil {
            headers[.contentType] = contentType
        }
        for header in definition.headers {
            if let name = HTTPField.Name(header.name) { headers[name] = header.value }
        }
        return headers
    }

    private func send(
        _ call: ProxyCall, _ target: ProxyTarget, _ headers: HTTPFields,
        _ definition: IntegrationDefinition, _ credential: Credential
    ) throws -> ProxiedAnswer {
        var authenticated = target
        var headers = headers
        definition.authenticate(&authenticated, &headers, with: credential)
        let request = OutgoingRequest(
            method: call.method, url: authenticated.url, headers: headers, body: call.body,
            connection: call.mayReachTheServerTwice ? .pooled : .fresh, limits: limits,
            watchedDescriptor: call.watchedDescriptor)
        do {
            let exchange = try transport.send(request)
            return ProxiedAnswer(
                status: exchange.head.status,
                headers: ReturnedHeaders.make(from: exchange.head, target: target),
                contentLength: ReturnedHeaders.contentLength(exchange.head), exchange: exchange)
        } catch let error as HTTPClientError {
            throw ConnectionsError.upstream(error)
        }
    }
}

extension ProxyCall {
    /// RFC 9110 §9.2.2: what is not idempotent leaves once. A body that is read while it is sent
    /// cannot be sent again by anybody.
    fileprivate var mayReachTheServerTwice: Bool {
        guard method == .post || method == .patch else { return true }
        return !body.canBeSentAgain
    }
}

extension OutgoingBody {
    /// Whether the body is still there after it was sent.
    fileprivate var canBeSentAgain: Bool {
        switch self {
        case .none, .bytes: true
        case .stream: false
        }
    }
}
