import Connections
import Encoding
import TestSupport
import Testing

/// Integrations of which only the issuer and the client are given.
struct MetadataFieldsTests {
    /// What the provider's metadata says of the two endpoints, what is given, and what follows for
    /// revoking.
    @Test(
        arguments: [
            (["client_secret_basic"], "post", "basic"), (["client_secret_post"], "basic", "post"),
            (["client_secret_basic", "client_secret_post"], "post", nil),
            (["private_key_jwt"], "post", nil), ([], "post", nil),
        ] as [([String], String, String?)])
    func `revoking takes the proof that the metadata wants there`(
        methods: [String], given: String, expected: String?
    ) throws {
        let house = try Household()
        let metadata: JSONValue = [
            "issuer": "https://id.test", "authorization_endpoint": "https://id.test/authorize",
            "token_endpoint": "https://id.test/token",
            "revocation_endpoint": "https://id.test/revoke",
            "revocation_endpoint_auth_methods_supported": .array(methods.map { .string($0) }),
        ]
        house.network.answer("https://id.test/") { _ in .json(metadata) }
        let integration = try house.keeper.integrations.add([
            "slug": "id", "issuer": "https://id.test", "clientId": "client",
            "clientSecret": "client-secret-canary", "clientAuthentication": .string(given),
        ])
        #expect(integration.definition.revocation?.authentication.rawValue == expected)
    }

    /// RFC 9700 §2.1.1 and §4.8.2: who can change what the metadata says is not to switch the code
    /// challenge off. A provider that refuses it says so; `pkce` is for the operator to decide.
    @Test(
        arguments: [.null, ["plain"], [], ["S256"]] as [JSONValue])
    func `SECURITY 6: metadata does not switch the code challenge off`(methods: JSONValue) throws {
        let house = try Household()
        let metadata: JSONValue = [
            "issuer": "https://id.test", "authorization_endpoint": "https://id.test/authorize",
            "token_endpoint": "https://id.test/token", "code_challenge_methods_supported": methods,
        ]
        house.network.answer("https://id.test/") { _ in .json(metadata) }
        func usesPKCE(_ more: [(String, JSONValue)]) throws -> Bool {
            try house.keeper.integrations.add(
                .object(more + [("issuer", "https://id.test"), ("clientId", "client")])
            ).definition.usesPKCE
        }
        #expect(try usesPKCE([("slug", "a")]))
        #expect(try !usesPKCE([("slug", "b"), ("pkce", false)]))
    }
}
