import Encoding
import HTTPClient
import HTTPTypes

/// What a provider publishes about itself (RFC 8414, OpenID Connect Discovery 1.0).
package struct AuthorizationServerMetadata: Sendable {
    package let issuer: String
    package let authorizationEndpoint: String?
    package let tokenEndpoint: String?
    package let revocationEndpoint: String?
    package let scopesSupported: [String]
    /// Empty when not said; RFC 8414 §2 then means `client_secret_basic`.
    package let tokenEndpointAuthMethods: [String]
    /// The `alg` that `private_key_jwt` may have; empty when not said.
    package let tokenEndpointSigningAlgorithms: [String]
    /// Empty when not said; RFC 8414 §2 then means `client_secret_basic`.
    package let revocationEndpointAuthMethods: [String]
    /// Whether every authorization response names the issuer (RFC 9207 §3).
    package let promisesIssuer: Bool

    /// - Parameters:
    ///   - issuer: The configured one; the document's must be identical (RFC 8414 §3.3,
    ///     SECURITY.md 9).
    ///   - allowHTTP: Lets endpoints be plain http, for a provider on this machine.
    /// - Throws: ``OAuthError/issuerMissing``, ``OAuthError/issuerMismatch``,
    ///   ``OAuthError/malformedResponse(_:)``.
    package init(
        members: JSONValue, issuer: String, allowHTTP: Bool = false
    ) throws(OAuthError) {
        guard let named = members["issuer"]?.stringValue else { throw .issuerMissing }
        guard named.utf8.elementsEqual(issuer.utf8) else { throw .issuerMismatch }
        self.issuer = named
        let schemes = allowHTTP ? ["https://", "http://"] : ["https://"]
        authorizationEndpoint = try Self.url("authorization_endpoint", in: members, schemes)
        tokenEndpoint = try Self.url("token_endpoint", in: members, schemes)
        revocationEndpoint = try Self.url("revocation_endpoint", in: members, schemes)
        scopesSupported = Self.texts("scopes_supported", in: members)
        tokenEndpointAuthMethods = Self.texts("token_endpoint_auth_methods_supported", in: members)
        tokenEndpointSigningAlgorithms = Self.texts(
            "token_endpoint_auth_signing_alg_values_supported", in: members)
        revocationEndpointAuthMethods = Self.texts(
            "revocation_endpoint_auth_methods_supported", in: members)
        promisesIssuer =
            members["authorization_response_iss_parameter_supported"]?.boolValue ?? false
    }

    private static func url(
        _ name: String, in members: JSONValue, _ schemes: [String]
    ) throws(OAuthError) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let text = value.stringValue, schemes.contains(where: text.hasPrefix),
            let endpoint = try? EndpointURL(text)
        else { throw .malformedResponse("\(name) is not a URL that can be used") }
        return endpoint.text
    }

    private static func texts(_ name: String, in members: JSONValue) -> [String] {
        members[name]?.elements?.compactMap(\.stringValue) ?? []
    }
}

extension AuthorizationServerMetadata {
    /// The most bytes that are accepted of a document (SECURITY.md 36).
    static let limit = 262_144

    /// Fetches the document of an issuer: by RFC 8414 §3, and where there is none by OpenID
    /// Connect Discovery 1.0 §4. Some sites answer every path: with a page, a way to their login, or
    /// the document of an issuer beside this one.
    ///
    /// - Throws: ``OAuthError``, which says what was seen at both places;
    ///   ``OAuthError/badEndpoint(_:)`` for an issuer that is no https URL, or has a query (RFC 8414
    ///   §2).
    package static func fetch(
        issuer: String, transport: any HTTPTransport, limits: TransferLimits = .providerAnswer,
        allowHTTP: Bool = false
    ) throws -> AuthorizationServerMetadata {
        var seen: [(location: String, error: OAuthError)] = []
        for location in try locations(issuer: issuer, allowHTTP: allowHTTP) {
            do {
                return try AuthorizationServerMetadata(
                    members: try document(at: location, transport, limits), issuer: issuer,
                    allowHTTP: allowHTTP)
            } catch {
                guard error.isAboutTheDocument else { throw error }
                seen.append((location, error))
            }
        }
        // Somebody who wrote the issuer a little differently is told just that.
        let mismatch = seen.first { [.issuerMismatch, .issuerMissing].contains($0.error) }
        throw mismatch?.error
            ?? .malformedResponse(
                "the issuer publishes no metadata: "
                    + seen.map { "at \($0.location), \($0.error)" }.joined(separator: "; "))
    }

    private static func document(
        at location: String, _ transport: any HTTPTransport, _ limits: TransferLimits
    ) throws(OAuthError) -> JSONValue {
        let request = OutgoingRequest(
            method: .get, url: location, headers: [.accept: "application/json"], limits: limits)
        let answer = try ProviderAnswer(to: request, over: transport, limit: limit)
        guard answer.status == 200 else { throw .outage(.status(answer.status)) }
        guard let members = answer.members else {
            throw answer.flaw ?? .outage(.unreadable(status: answer.status))
        }
        return members
    }

    /// RFC 8414 §3.1 puts the well-known part between host and path, OpenID behind the path.
    private static func locations(issuer: String, allowHTTP: Bool) throws -> [String] {
        let endpoint = try EndpointURL(issuer)
        guard allowHTTP || issuer.hasPrefix("https://") else {
            throw OAuthError.badEndpoint("an issuer is an https URL")
        }
        guard endpoint.query == nil else { throw OAuthError.badEndpoint("an issuer has no query") }
        let trimmed = issuer.hasSuffix("/") ? issuer.dropLast() : issuer[...]
        let path = endpoint.path.hasSuffix("/") ? endpoint.path.dropLast() : endpoint.path
        return [
            "\(endpoint.origin)/.well-known/oauth-authorization-server\(path)",
            "\(trimmed)/.well-known/openid-configuration",
        ]
    }
}

extension OAuthError {
    /// The server is there and not in trouble; what it answers is not the document.
    fileprivate var isAboutTheDocument: Bool {
        switch self {
        case .outage(.status(let status, _)): status < 500 && status != 429
        case .outage(.unreadable), .outage(.tooLarge), .outage(.coded), .malformedResponse,
            .issuerMismatch,
            .issuerMissing:
            true
        default: false
        }
    }
}
