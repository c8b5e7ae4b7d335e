import Encoding
import HTTPClient
import HTTPTypes
import OAuth
import Testing

/// What leaves for the token endpoint.
@Suite struct TokenRequestTests {
    private let transport = FakeTransport(#"{"access_token":"t","token_type":"Bearer"}"#)

    private func endpoint(
        _ client: Client = Client(id: "id", secret: "secret", authentication: .post),
        extra: [(String, String)] = [], format: TokenRequestFormat = .form,
        resources: [String] = []
    ) -> TokenEndpoint {
        TokenEndpoint(
            url: "https://p.test/token?tenant=1", client: client, transport: transport,
            extraParameters: extra, format: format, resources: resources)
    }

    @Test func `a code is exchanged as RFC 6749 §4.1.3 and RFC 7636 §4.5 have it`() throws {
        _ = try endpoint().exchange(
            code: "c&1", redirectURI: "https://us.test/cb", codeVerifier: "v")
        let request = try #require(transport.requests.first)
        #expect(request.method == .post)
        #expect(request.url.description == "https://p.test/token?tenant=1")
        #expect(request.headers[.accept] == "application/json")
        #expect(request.headers[.contentType] == "application/x-www-form-urlencoded")
        #expect(
            transport.sentBody
                == "grant_type=authorization_code&code=c%261"
                + "&redirect_uri=https%3A%2F%2Fus.test%2Fcb&code_verifier=v"
                + "&client_id=id&client_secret=secret")
    }

    @Test func `a refresh is RFC 6749 §6, without a scope unless one is given`() throws {
        _ = try endpoint().refresh(refreshToken: "r")
        #expect(transport.sentForm["grant_type"] == "refresh_token")
        #expect(transport.sentForm["refresh_token"] == "r")
        #expect(transport.sentForm["scope"] == nil)
        _ = try endpoint().refresh(refreshToken: "r", scope: "a b")
        #expect(transport.sentForm["scope"] == "a b")
    }

    @Test func `client credentials are RFC 6749 §4.4.2`() throws {
        _ = try endpoint().clientCredentials(scope: "a")
        #expect(transport.sentForm["grant_type"] == "client_credentials")
        #expect(transport.sentForm["scope"] == "a")
    }

    @Test func `a token request never travels on a connection that was used before`() throws {
        _ = try endpoint().refresh(refreshToken: "r")
        _ = try endpoint().exchange(code: "c", redirectURI: "u", codeVerifier: nil)
        _ = try endpoint().clientCredentials(scope: nil)
        #expect(transport.requests.count == 3)
        #expect(transport.requests.allSatisfy { $0.connection == .fresh })
    }

    @Test func `a token request has a limit on all of its time (SECURITY 36)`() throws {
        _ = try endpoint().refresh(refreshToken: "r")
        let limits = try #require(transport.requests.first?.limits)
        #expect(limits.connect <= .seconds(5) && limits.head <= .seconds(15))
        #expect(try #require(limits.total) <= .seconds(20))
    }

    @Test func `basic authentication form-encodes id and secret (RFC 6749 §2.3.1)`() throws {
        let client = Client(id: "a:b", secret: "p w+%é", authentication: .basic)
        _ = try endpoint(client).refresh(refreshToken: "r")
        // base64("a%3Ab:p%20w%2B%25%C3%A9")
        #expect(
            transport.requests.first?.headers[.authorization]
                == "Basic YSUzQWI6cCUyMHclMkIlMjUlQzMlQTk=")
    }

    @Test func `a client proves itself in one way only (RFC 6749 §2.3)`() throws {
        _ = try endpoint(Client(id: "id", secret: "s", authentication: .basic))
            .refresh(refreshToken: "r")
        #expect(transport.sentForm["client_id"] == nil)
        #expect(transport.sentForm["client_secret"] == nil)
        _ = try endpoint(Client(id: "id", secret: "s", authentication: .post))
            .refresh(refreshToken: "r")
        #expect(transport.requests.last?.headers[.authorization] == nil)
    }

    @Test func `a public client sends its id and nothing else`() throws {
        _ = try endpoint(Client(id: "id", secret: nil, authentication: .none))
            .refresh(refreshToken: "r")
        #expect(transport.sentForm["client_id"] == "id")
        #expect(transport.sentForm["client_secret"] == nil)
        #expect(transport.requests.last?.headers[.authorization] == nil)
    }

    @Test func `an extra parameter is sent, and can't override one of ours`() throws {
        let extra = [("audience", "x"), ("grant_type", "password"), ("client_secret", "evil")]
        _ = try endpoint(extra: extra).refresh(refreshToken: "r")
        #expect(transport.sentForm["audience"] == "x")
        #expect(transport.sentForm.all("grant_type") == ["refresh_token"])
        #expect(transport.sentForm.all("client_secret") == ["secret"])
    }

    @Test func `a provider that wants JSON gets the same parameters as JSON`() throws {
        _ = try endpoint(format: .json).refresh(refreshToken: "r\"1")
        #expect(transport.requests.last?.headers[.contentType] == "application/json")
        let body = try JSONValue(parsing: transport.sentBody)
        #expect(
            body == [
                "grant_type": "refresh_token", "refresh_token": "r\"1", "client_id": "id",
                "client_secret": "secret",
            ])
    }

    @Test func `resources go with every grant, one parameter each (RFC 8707 §2.2)`() throws {
        let resources = ["https://a.test/", "https://b.test/"]
        let endpoint = endpoint(extra: [("resource", "evil")], resources: resources)
        for request in [
            { try endpoint.exchange(code: "c", redirectURI: "u", codeVerifier: nil) },
            { try endpoint.refresh(refreshToken: "r") },
            { try endpoint.clientCredentials(scope: nil) },
        ] {
            _ = try request()
            #expect(transport.sentForm.all("resource") == resources)
        }
    }

    @Test func `several resources are a list in JSON, and one is a text`() throws {
        _ = try endpoint(format: .json, resources: ["https://a.test/", "https://b.test/", "c"])
            .refresh(refreshToken: "r")
        #expect(
            try JSONValue(parsing: transport.sentBody)["resource"]
                == ["https://a.test/", "https://b.test/", "c"])
        _ = try endpoint(format: .json, resources: ["https://a.test/"]).refresh(refreshToken: "r")
        #expect(try JSONValue(parsing: transport.sentBody)["resource"] == "https://a.test/")
        _ = try endpoint(format: .json).refresh(refreshToken: "r")
        #expect(try JSONValue(parsing: transport.sentBody)["resource"] == nil)
    }

    @Test func `nothing is sent to an endpoint that is not a URL`() {
        let endpoint = TokenEndpoint(
            url: "https://p.test/ x", client: Client(id: "i", secret: nil, authentication: .none),
            transport: transport)
        guard case .badEndpoint = failure(of: { _ = try endpoint.refresh(refreshToken: "r") })
        else {
            Issue.record("it was accepted")
            return
        }
        #expect(transport.requests.isEmpty)
    }
}
