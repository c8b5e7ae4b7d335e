import Encoding
import Web

/// `/.well-known/oauth-authorization-server` (RFC 8414).
struct MetadataEndpoint: Endpoint {
    let provider: Provider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        let settings = provider.settings
        let methods: JSONValue =
            switch settings.clientAuthentication {
            case .any: ["client_secret_basic", "client_secret_post", "none"]
            case .basic: ["client_secret_basic"]
            case .post: ["client_secret_post"]
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
            ("response_modes_supported", ["query"]),
            (
                "grant_types_supported",
                ["authorization_code", "refresh_token", "client_credentials"]
            ),
            ("token_endpoint_auth_methods_supported", methods),
            ("revocation_endpoint_auth_methods_supported", methods),
            ("code_challenge_methods_supported", ["S256"]),
            // RFC 9207 §3: a client must then insist on it.
            (
                "authorization_response_iss_parameter_supported",
                .bool(settings.issuerParameter != .absent)
            ),
        ]
        if !settings.scopes.isEmpty {
            members.append(("scopes_supported", .array(settings.scopes.map { .string($0) })))
        }
        provider.count("metadata")
        return .json(.object(members))
    }
}
