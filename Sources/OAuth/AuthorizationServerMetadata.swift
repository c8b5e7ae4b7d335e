import Encoding
import HTTPClient
import HTTPTypes

/// The metadata that a provider publishes (RFC 8414, OpenID Connect Discovery 1.0).
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
    ///     SECURITY 9).
    ///   - allowHTTP: Lets endpoints be plain http, for a provider on this machine.
    /// - Throws: ``OAuthError/issuerMissing``, ``OAuthError/issuerMismatch``,
    ///   ``OAuthError/malformedResponse(_:)``.
    package init(
        members: JSONValue, issuer: String, allowHTTP: Bool = false
    ) throws(OAuthError) {
        guard let named = members["issuer"]?.stringValue else { throw .issuerMissing }
        guard named.utf8.elementsEqual(issuer.utf8) else { throw .issuerMismatch }
        self.issuer = named
        authorizationEndpoint = try Self.url("authorization_endpoint", in: members, allowHTTP)
        tokenEndpoint = try Self.url("token_endpoint", in: members, allowHTTP)
        revocationEndpoint = try Self.url("revocation_endpoint", in: members, allowHTTP)
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
        _ name: String, in members: JSONValue, _ allowHTTP: Bool
    ) throws(OAuthError) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let text = value.stringValue, let endpoint = try? EndpointURL(text),
            allowHTTP || endpoint.url.origin.isSecure
        else { throw .malformedResponse("\(name) is not a URL that can be used") }
        return endpoint.text
    }

    private static func texts(_ name: String, in members: JSONValue) -> [String] {
        members[name]?.elements?.compactMap(\.stringValue) ?? []
    }
}
