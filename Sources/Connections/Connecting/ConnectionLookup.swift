import Addressing
import Encoding
import HTTPClient
import HTTPTypes
import Headers
import Integrations
import OAuth
import Primitives
import Templates

/// Asks an integration's ``Lookup`` right after connecting, and picks the data to keep.
package struct ConnectionLookup: Sendable {
    let transport: any HTTPTransport
    let clock: Clock
    /// The most bytes that are read of an answer (SECURITY 36).
    private static let limit = 1_048_576
    /// The times before the second and the third attempt.
    private static let pauses = [Duration.milliseconds(500), .milliseconds(1_500)]
    /// The milliseconds that all attempts together may take.
    private static let patience: Int64 = 20_000

    /// Asks the API, where the integration has a lookup.
    ///
    /// - Parameter data: The data that is known so far.
    /// - Returns: The data, with the answer's values added.
    /// - Throws: ``ConnectionsError/provider(_:)`` when there is trouble, and therefore no answer;
    ///   ``ConnectionsError/credentialRefused(status:)``;
    ///   ``ConnectionsError/lookupFailed(_:)`` when the answer is not usable.
    func callAsFunction(
        _ credential: Credential, _ definition: IntegrationDefinition, _ data: ConnectionData
    ) throws -> ConnectionData {
        guard let lookup = definition.lookup else { return data }
        let answer = try ask(try request(lookup, credential, definition, data))
        do {
            return try data.adding(.lookup, for: definition, from: answer)
        } catch ConnectionsError.provider(let error) {
            throw ConnectionsError.lookupFailed("\(error)")
        }
    }

    /// Asks again where there is trouble: the steps that led to the token cannot be repeated.
    private func ask(_ request: OutgoingRequest) throws -> JSONValue {
        let end = clock.uptime + Self.patience
        for pause in Self.pauses {
            do {
                return try ask(request, until: end)
            } catch ConnectionsError.provider(let error) where error.isPassing {
                let pause = max(pause, .seconds(error.askedPause(now: clock.now) ?? 0))
                guard pause < .milliseconds(end - clock.uptime) else {
                    throw ConnectionsError.provider(error)
                }
                _ = clock.wait(pause, watching: nil)
            }
        }
        return try ask(request, until: end)
    }

    private func ask(_ request: OutgoingRequest, until end: Int64) throws -> JSONValue {
        var request = request
        request.limits.total = .milliseconds(max(1, end - clock.uptime))
        request.declineCodings()
        let exchange: any HTTPExchange
        do {
            exchange = try transport.send(request)
        } catch {
            throw ConnectionsError.provider(OAuthError(transfer: error))
        }
        try Self.check(exchange.head)
        let body = WholeBody(of: exchange, upTo: Self.limit)
        // A coding may have been undone on the way, and its name be left.
        if body.flaw == nil || body.flaw is ContentCodingError,
            let json = try? JSONValue(parsing: body.bytes)
        {
            return json
        }
        throw Self.failure(body.flaw)
    }

    private static func failure(_ flaw: (any Error)?) -> ConnectionsError {
        switch flaw {
        case nil: .lookupFailed("the answer is not JSON")
        case HTTPClientError.responseTooLarge?: .lookupFailed("the answer is too large")
        case ContentCodingError.unknown(let coding)?:
            .lookupFailed("the answer has a content coding that can't be undone: \(coding)")
        case let flaw?: .provider(OAuthError(transfer: flaw))
        }
    }

    private static func check(_ head: ResponseHead) throws {
        let status = head.status
        switch status {
        case _ where status.kind == .successful: return
        case .tooManyRequests,
            _ where status.kind == .serverError:
            throw ConnectionsError.provider(
                .outage(.status(status.code, pacing: head.headerFields.pacing)))
        case .unauthorized, .forbidden:
            throw ConnectionsError.credentialRefused(status: status.code)
        default: throw ConnectionsError.lookupFailed("the answer has status \(status.code)")
        }
    }

    private func request(
        _ lookup: Lookup, _ credential: Credential, _ definition: IntegrationDefinition,
        _ data: ConnectionData
    ) throws -> OutgoingRequest {
        guard let url = AbsoluteURL(try URLTemplate.fill(lookup.uri, with: data)) else {
            throw InputError.missingData("lookup")
        }
        var target = ProxyTarget(own: url)
        var headers = fields(lookup, definition, data)
        if let prefix = lookup.prefix {
            headers[.authorization] = prefix + IntegrationDefinition.secret(of: credential).secret
        } else {
            definition.authenticate(&target, &headers, with: credential)
        }
        if lookup.body != nil { headers[.contentType] = "application/json" }
        return OutgoingRequest(
            method: lookup.method == .post ? .post : .get, to: target.url, headers: headers,
            body: lookup.body.map { .bytes(Array($0.utf8)) } ?? .none, connection: .fresh,
            limits: .providerAnswer)
    }

    /// The fixed fields of calls, as far as their values are known by now, and the lookup's own.
    private func fields(
        _ lookup: Lookup, _ definition: IntegrationDefinition, _ data: ConnectionData
    ) -> HeaderFields {
        var fields: HeaderFields = [.accept: "application/json"]
        for header in definition.headers + lookup.headers {
            guard let name = HTTPField.Name(header.name),
                let value = try? definition.filled(header.value, with: data)
            else { continue }
            fields[name] = value
        }
        return fields
    }
}

extension OAuthError {
    /// Whether the trouble may be over in a moment.
    fileprivate var isPassing: Bool {
        switch self {
        case .timedOut, .outage(.network), .outage(.status), .outage(.coded): true
        default: false
        }
    }
}
