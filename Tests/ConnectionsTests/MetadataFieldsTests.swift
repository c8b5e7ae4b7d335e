import Crypto
import Encoding
import OAuth
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
        let house = try TestKeeper()
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
        let house = try TestKeeper()
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

    /// What the provider takes, and what an RSA key signs with then.
    @Test(
        arguments: [
            (["PS256"], .ps256), (["ES256", "PS256"], .ps256), (["RS256", "PS256"], nil), ([], nil),
        ] as [([String], SigningAlgorithm?)])
    func `a key signs in the way that the provider takes`(
        algorithms: [String], expected: SigningAlgorithm?
    ) throws {
        let house = try TestKeeper()
        let metadata: JSONValue = [
            "issuer": "https://id.test", "authorization_endpoint": "https://id.test/authorize",
            "token_endpoint": "https://id.test/token",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": .array(
                algorithms.map { .string($0) }),
        ]
        house.network.answer("https://id.test/") { _ in .json(metadata) }
        func add(_ slug: String, _ key: String) throws -> SigningAlgorithm? {
            try house.keeper.integrations.add([
                "slug": .string(slug), "issuer": "https://id.test", "clientId": "client",
                "privateKey": .string(key),
            ]).definition.signingAlgorithm
        }
        #expect(try add("rsa", Self.rsa) == expected)
        #expect(try add("curve", P256.Signing.PrivateKey().pemRepresentation) == nil)
    }

    /// RFC 7515 appendix A.2.
    private static let rsa = """
        -----BEGIN PRIVATE KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh+BYK4uPJtGXO
        jS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7io8ImtxL
        aYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNn
        juygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5
        ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkf
        toaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2BvniHg
        VFbK5emhAgMBAAECggEAEq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyW
        PEAeP88vLNO97IjlA7/GQ5sLKMgvfTeXZx9SE+7YwVol2NXOoAJe46sui395IW/G
        O+pWJ1O0BkTGoVEn2bKVRUCgu+GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzj
        kn439X0M/V51gfpRLI9JYanrC4D4qAdGcopV/0ZHHzQlBjudU2QvXt4ehNYTCBr6
        XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl/x/jTj3ccPDVZFD9pIuhLhBOneufuBiB
        4cS98l2SR/RQyGWSeWjnczT0QU91p1DhOVRuOopznQKBgQDgHMQQ60imZV1URk0K
        pLttoLhyt3SmqdEf/kgHePDdtzEafpAu+cS191R2JiuoF2yzWXnwFDcqGigp5BNr
        0AHQfD8/Lk8l1Mk09jxxCfui5nYooNyac8YFjm3vItzVCVDnEd3BbVWG8qf6deqE
        lMGAg+C2V0L4oNXnP7LZcPAZRwKBgQC5A8R+CZW2MvRTLLHzwZkUXV866cff7tx6
        kqa0finGG0KgeqlaZPxgCZnFp7AeAcCMtiynVlJ7vMVgePsLq6XtON4tB5kP9jAP
        rq3rbAOal78eUH5OcED6eNuCV8ixEu1eWcPNCS/l1OW1EnXUEoEHKl54Xrrz2uNw
        kgMTP1FZ1wKBgAcCn1dwJKufzBWQxWQp1vsM5fggqPN1qGb5y0MAk3g7/Ls5bkUp
        5u9SN0Ai3Ya6hNnvWJMb7sXQX6U/zyO2M/hTip7tUeh7CXgwo59dkpN75gJLVds2
        9+DAncu3KXU4f2Fa+7bLNrur53k8KwPOq2bbuTG69QtV7Jr5MR0AHWKNAoGBAIf/
        evpitUf+4JYbLpvNXWcY052Mpz22aR84mY3nh3F2LF2mjMJDpTg7FmuyPcVw6EcG
        yoAe9fa65iNqCq+jdw6PVNGo2hxfjSiZ8IIzHdsPXI89//pMjZcQK9r+CCoRjaZj
        OYiIDktVWZzmevJuv6WywUqd57LE3Zar3dLSIkx1AoGAIYd7DHOhrWvxkwPQsRM2
        tOgrjbcrfvtQJipd+DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd/QJQ3
        ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp/gh6A56
        03k2+ZQwVK0JKSHuLFkuQ3U=
        -----END PRIVATE KEY-----
        """

    @Test func `a provider that takes only proofs that we have none of is refused by their names`()
        throws
    {
        let house = try TestKeeper()
        let metadata: JSONValue = [
            "issuer": "https://id.test", "authorization_endpoint": "https://id.test/authorize",
            "token_endpoint": "https://id.test/token",
            "token_endpoint_auth_methods_supported": ["tls_client_auth", "client_secret_jwt"],
        ]
        house.network.answer("https://id.test/") { _ in .json(metadata) }
        let given: [(String, JSONValue)] = [
            ("issuer", "https://id.test"), ("clientId", "client"), ("clientSecret", "secret"),
        ]
        let problem = house.problem { try house.keeper.integrations.add(.object(given)) }
        #expect(problem?.contains("only: tls_client_auth, client_secret_jwt.") == true)
        #expect(problem?.contains("--set clientAuthentication=") == true)
        let integration = try house.keeper.integrations.add(
            .object(given + [("clientAuthentication", "post")]))
        #expect(integration.definition.clientAuthentication == .post)
    }
}
