import Encoding
import HTTPClient
import HTTPTypes
import OAuth
import Testing

/// SECURITY 26: canaries that must not be seen in anything that ends in a log.
@Suite struct SecrecyTests {
    private static let canaries = [
        "canary-code", "canary-verifier", "canary-refresh", "canary-secret", "canary-access",
        "canary-state",
    ]

    /// Every way in which a careless line could print a value.
    private func prints(of value: some Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(describing: value)) \(String(reflecting: value)) \(dumped)"
    }

    private func expectNoCanary(in value: some Any, _ location: SourceLocation = #_sourceLocation) {
        let text = prints(of: value)
        for canary in Self.canaries {
            #expect(!text.contains(canary), sourceLocation: location)
        }
    }

    private let client = Client(id: "id", secret: "canary-secret", authentication: .post)

    /// Providers that repeat what they were sent, wherever an answer has room for it.
    private static let echoes: [(Int, String?, String)] = [
        (400, "application/json", #"{"error":"canary-refresh","error_description":"canary-code"}"#),
        (400, "application/json", #"{"error":"invalid_grant","error_description":"canary-code"}"#),
        (
            200, "application/json",
            #"{"access_token":"canary-access","token_type":"canary-access"}"#
        ),
        (200, "application/json", #"{"access_token":"canary-access\n"}"#),
        (200, "application/json", #"{"access_token":"canary-access","x":"#),
        (200, "text/html", "canary-access"), (500, "text/html", "canary-code canary-refresh"),
        (302, nil, ""),
    ]

    @Test(arguments: echoes)
    func `an error repeats nothing of what was sent or answered (SECURITY 26)`(
        status: Int, type: String?, body: String
    ) throws {
        let transport = FakeTransport(
            status: status, type: type, headers: [.location: "https://x.test/canary-code"], body)
        let endpoint = TokenEndpoint(url: "https://p.test/t", client: client, transport: transport)
        for request in [
            { try endpoint.refresh(refreshToken: "canary-refresh") },
            {
                try endpoint.exchange(
                    code: "canary-code", redirectURI: "https://us.test",
                    codeVerifier: "canary-verifier")
            },
        ] {
            let error = try #require(failure { _ = try request() })
            expectNoCanary(in: error)
            #expect(!error.publicCode.rawValue.contains("canary"))
        }
    }

    @Test func `what libcurl says after something was sent is not repeated (SECURITY 26)`() throws {
        for transferError in [
            HTTPClientError.broken(.sent, "canary-refresh"), .malformedResponse("canary-access"),
            .other("canary-secret"), .badURL("https://p.test/canary-code"),
        ] {
            let endpoint = TokenEndpoint(
                url: "https://p.test/t", client: client,
                transport: FakeTransport(failing: transferError))
            let error = try #require(
                failure { _ = try endpoint.refresh(refreshToken: "canary-refresh") })
            expectNoCanary(in: error)
        }
    }

    @Test func `values that hold secrets don't print them (SECURITY 26)`() throws {
        expectNoCanary(in: client)
        let text = "canary-verifier" + String(repeating: "a", count: 43)
        expectNoCanary(in: try #require(CodeVerifier(text)))
        let members: JSONValue = [
            "access_token": "canary-access", "refresh_token": "canary-refresh",
        ]
        expectNoCanary(in: try TokenResponse(members: members))
        let form = try #require(Form(encoded: "code=canary-code&state=canary-state"))
        expectNoCanary(in: try AuthorizationResponse(fields: form))
    }

    @Test func `what a client signs with and has signed is not printed (SECURITY 26)`() throws {
        let key = ClientKey(
            signingKey: try SigningKey(pem: Keys.p256), keyID: "canary-secret", issuer: nil,
            tokenEndpoint: "https://p.test/t", now: { 0 })
        expectNoCanary(in: key)
        let client = Client(
            id: "id", secret: "canary-secret", authentication: .privateKeyJWT, key: key)
        expectNoCanary(in: client)
        let token = try BearerAssertion(issuer: "i", audience: "a")
            .signed(by: try SigningKey(pem: Keys.p256), now: 0)
        #expect(!prints(of: token).contains(token.compact.prefix(12)))
    }

    @Test func `an endpoint doesn't print its client's secret (SECURITY 26)`() {
        let transport = FakeTransport("{}")
        expectNoCanary(
            in: TokenEndpoint(url: "https://p.test/t", client: client, transport: transport))
        expectNoCanary(
            in: RevocationEndpoint(url: "https://p.test/r", client: client, transport: transport))
    }
}
