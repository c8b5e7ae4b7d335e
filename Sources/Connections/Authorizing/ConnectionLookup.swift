import Encoding
import HTTPClient
import HTTPTypes

/// Asks an integration's ``Lookup`` right after connecting, and picks what is to be kept.
struct ConnectionLookup: Sendable {
    let transport: any HTTPTransport
    /// The most bytes that are read of an answer (SECURITY.md 36).
    private static let limit = 1_048_576
    private static let limits = TransferLimits(connect: 5, head: 15, idle: 15, total: 20)

    /// - Parameter data: What is known so far.
    /// - Returns: The data with what the answer says.
    /// - Throws: ``ConnectionsError/lookupFailed(_:)``.
    func callAsFunction(
        _ credential: Credential, _ definition: IntegrationDefinition, _ data: ConnectionData
    ) throws -> ConnectionData {
        guard let lookup = definition.lookup else { return data }
        let answer = try ask(lookup, credential, definition, data)
        do {
            return try data.adding(.lookup, for: definition, from: answer)
        } catch ConnectionsError.provider(let error) {
            throw ConnectionsError.lookupFailed("\(error)")
        }
    }

    private func ask(
        _ lookup: Lookup, _ credential: Credential, _ definition: IntegrationDefinition,
        _ data: ConnectionData
    ) throws -> JSONValue {
        let request = try request(lookup, credential, definition, data)
        let bytes: [UInt8]
        do {
            let exchange = try transport.send(request)
            guard exchange.head.status.kind == .successful else {
                throw ConnectionsError.lookupFailed(
                    "the answer has status \(exchange.head.status.code)")
            }
            bytes = try exchange.collect(upTo: Self.limit)
        } catch let error as HTTPClientError {
            throw ConnectionsError.lookupFailed("\(error)")
        }
        guard let json = try? JSONValue(parsing: bytes) else {
            throw ConnectionsError.lookupFailed("the answer is not JSON")
        }
        return json
    }

    private func request(
        _ lookup: Lookup, _ credential: Credential, _ definition: IntegrationDefinition,
        _ data: ConnectionData
    ) throws -> OutgoingRequest {
        let url = try URLTemplate.fill(lookup.uri, with: data)
        guard var target = ProxyTarget(own: url) else {
            throw ConnectionsError.missingData("lookup")
        }
        var headers = fields(lookup, definition, data)
        definition.authenticate(&target, &headers, with: credential)
        if let prefix = lookup.prefix {
            headers[.authorization] = prefix + IntegrationDefinition.secret(of: credential).secret
        }
        if lookup.body != nil { headers[.contentType] = "application/json" }
        return OutgoingRequest(
            method: lookup.method == .post ? .post : .get, url: target.url, headers: headers,
            body: lookup.body.map { .bytes(Array($0.utf8)) } ?? .none, connection: .fresh,
            limits: Self.limits)
    }

    /// The fixed fields of calls, as far as their values are known by now, and the lookup's own.
    private func fields(
        _ lookup: Lookup, _ definition: IntegrationDefinition, _ data: ConnectionData
    ) -> HTTPFields {
        var fields: HTTPFields = [.accept: "application/json"]
        for header in definition.headers + lookup.headers {
            guard let name = HTTPField.Name(header.name),
                let value = try? definition.filled(header.value, with: data)
            else { continue }
            fields[name] = value
        }
        return fields
    }
}
