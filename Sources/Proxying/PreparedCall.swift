import Addressing
import Connections
import Encoding
import HTTPTypes
import Headers
import Integrations
import Primitives

/// A call that can be sent: the target and the fields, without body and credential.
package struct PreparedCall {
    let integration: Integration
    let address: APIAddress
    var method: HTTPRequest.Method
    var target: ProxyTarget
    var headers: HeaderFields
    /// The names of the caller's fields that are not sent, where that may surprise.
    let droppedHeaders: String?
    let watchedDescriptor: Int32?
    let id: String
    /// The name of the credential that the call is sent with: another credential, be it another
    /// user's or a refreshed one, never shares a network connection with it.
    let credentialName: String
    let followsRedirects: Bool
    /// The number of redirects that it has followed.
    var redirects = 0
    var lastRedirect: Redirect?
    /// Whether the credential is sent. A redirect that leads out of the bases removes it
    /// permanently: a stranger chooses what follows.
    var isTrusted = true
    var hasLostBody = false

    /// - Parameter publicBaseURL: The origin under which callers reach the host.
    /// - Throws: ``InputError/invalid(code:detail:)`` for a call that a caller may not make;
    ///   ``InputError/conflict(code:detail:)`` when the connection lacks data.
    init(
        _ call: ProxyCall, _ integration: Integration, _ connection: Connection,
        publicBaseURL: Origin
    ) throws {
        address = try integration.address(for: connection)
        self.integration = integration
        method = call.method
        target = try Self.target(call.target, address)
        var forwarded = try Self.forwarded(of: call, integration)
        forwarded.set(fixed: address.headers)
        droppedHeaders = forwarded.droppedNames
        var headers = forwarded.fields
        if forwarded.namesResource {
            let relay = RelayAddress(publicBaseURL: publicBaseURL, integration)
            try SecondResource(address: address, relay: relay).translate(&headers)
        }
        if let contentType = call.contentType, headers[.contentType] == nil {
            headers[.contentType] = contentType
        }
        if !call.marks.isEmpty { headers[.cdnLoop] = call.marks.joined(separator: ", ") }
        self.headers = headers
        followsRedirects =
            forwarded.followsRedirects ?? call.followsRedirects
            ?? integration.definition.followsRedirects
        watchedDescriptor = call.watchedDescriptor
        id = call.id
        credentialName = "\(connection.id) \(connection.generation)"
        if case .query(let name) = integration.definition.credentialPlacement {
            try Self.refuse(name, in: target)
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

    private static func forwarded(
        of call: ProxyCall, _ integration: Integration
    ) throws -> ForwardedHeaders {
        switch call.headers {
        case .written(let fields): try ForwardedHeaders(ofJSONForm: fields, integration)
        case .incoming(let fields): try ForwardedHeaders(ofPathForm: fields, integration)
        }
    }

    /// Refuses a parameter of that name: some servers take the first of two.
    private static func refuse(_ name: String, in target: ProxyTarget) throws {
        guard QueryParameter(name).isIn(target.url) else { return }
        throw InputError.invalid(
            code: .forbiddenURL,
            detail: "The query's parameter '\(name)' is the credential's and cannot be set.")
    }
}
