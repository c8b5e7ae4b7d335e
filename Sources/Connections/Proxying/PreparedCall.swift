import HTTPTypes

/// A call that can be sent: where to and with what, but for the credential.
struct PreparedCall {
    let method: HTTPRequest.Method
    let target: ProxyTarget
    let headers: HTTPFields
    let body: CallBody
    let watchedDescriptor: Int32?
    let id: String

    /// - Throws: ``ConnectionsError/invalid(code:detail:)`` for what a caller may not ask for;
    ///   ``ConnectionsError/conflict(code:detail:)`` when the connection lacks data.
    init(_ call: ProxyCall, _ integration: Integration, _ connection: Connection) throws {
        let address = try integration.address(for: connection)
        method = call.method
        target = try Self.target(call.target, address)
        headers = try Self.headers(of: call, integration.definition.forwardHeaders, address)
        body = CallBody(call.body)
        watchedDescriptor = call.watchedDescriptor
        id = call.id
        guard method != .head || !call.hasBody else {
            // RFC 9110 §9.3.2
            throw ConnectionsError.invalid(
                code: "invalid_request", detail: "A HEAD request has no body.")
        }
    }

    private static func target(
        _ target: ProxyCall.Target, _ address: APIAddress
    ) throws -> ProxyTarget {
        switch target {
        case .path(let path):
            return try ProxyTarget(relative: path, base: address.base)
        case .url(let url, let parameters):
            var target = try ProxyTarget(url, at: address)
            target.append(parameters)
            return target
        }
    }

    private static func headers(
        of call: ProxyCall, _ alsoForwarded: [String], _ address: APIAddress
    ) throws -> HTTPFields {
        var headers =
            switch call.headers {
            case .written(let fields): try ForwardedHeaders.ofJSONForm(fields)
            case .incoming(let fields):
                ForwardedHeaders.ofPathForm(fields, alsoAllowed: alsoForwarded)
            }
        if let contentType = call.contentType, headers[.contentType] == nil {
            headers[.contentType] = contentType
        }
        for header in address.headers { headers[header.name] = header.value }
        return headers
    }
}
