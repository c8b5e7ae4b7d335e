import Encoding
import Web

/// The endpoint `/.well-known/oauth-authorization-server` (RFC 8414).
struct MetadataEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        let settings = provider.settings
        let hasKeys = !settings.clientKeys.isEmpty
        let methods: JSONValue =
            switch settings.clientAuthentication {
            case .any:
                .array(
                    ["client_secret_basic", "client_secret_post", "none"]
                        + (hasKeys ? ["private_key_jwt"] : []))
            case .basic: ["client_secret_basic"]
            case .post: ["client_secret_post"]
            case .privateKeyJWT: ["private_key_jwt"]
            }
        func url(_ path: String) -> JSONValue { .string(settings.issuer + path) }
        var members: [(String, JSONValue)] = [
            ("issuer", url("")),
            ("authorization_endpoint", url("/authorize")),
            ("token_endpoint", url("/token")),
            ("revocation_endpoint", url("/revoke")),
            ("introspection_endpoint", url("/introspect")),
            ("userinfo_endpoint", url("/userinfo")),
            ("response_types_supported", ["code"]),
            (
                "response_modes_supported",
                .array(ResponseMode.allCases.map { .string($0.rawValue) })
            ),
            // OpenID Connect Discovery §3, and Initiating User Registration §4.
            ("prompt_values_supported", .array(Prompt.allCases.map { .string($0.rawValue) })),
            ("request_parameter_supported", false), ("request_uri_parameter_supported", false),
            (
                "grant_types_supported",
                .array(
                    ["authorization_code", "refresh_token", "client_credentials"]
                        + (hasKeys ? [.string(JWTBearerGrant.type)] : []))
            ),
            ("token_endpoint_auth_methods_supported", methods),
            ("revocation_endpoint_auth_methods_supported", methods),
            ("code_challenge_methods_supported", ["S256"]),
            // RFC 9207 §3: a client must then refuse answers without it.
            (
                "authorization_response_iss_parameter_supported",
                .bool(settings.issuerParameter != .absent)
            ),
        ]
        if hasKeys {
            members.append(
                (
                    "token_endpoint_auth_signing_alg_values_supported",
                    ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
                ))
        }
        if !settings.scopes.isEmpty {
            members.append(("scopes_supported", .array(settings.scopes.map { .string($0) })))
        }
        provider.count("metadata")
        return .json(.object(members))
    }
}
