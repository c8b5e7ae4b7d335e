import Encoding
import OAuth
import Testing

@Suite struct AuthorizationRequestTests {
    private func request(
        endpoint: String = "https://provider.test/authorize", scope: String? = "a b",
        nonce: String? = nil, extra: [(String, String)] = []
    ) -> AuthorizationRequest {
        AuthorizationRequest(
            authorizationEndpoint: endpoint, clientID: "id", redirectURI: "https://us.test/cb?x=1",
            scope: scope, state: "s", codeChallenge: "c", nonce: nonce,
            extraParameters: extra)
    }

    private func form(of url: String) -> Form {
        Form(encoded: url.split(separator: "?", maxSplits: 1).last ?? "") ?? Form()
    }

    @Test func `it carries what RFC 6749 §4.1.1 and RFC 7636 §4.3 name`() throws {
        #expect(
            try request().url
                == "https://provider.test/authorize?response_type=code&client_id=id"
                + "&redirect_uri=https%3A%2F%2Fus.test%2Fcb%3Fx%3D1&scope=a%20b&state=s"
                + "&code_challenge=c&code_challenge_method=S256")
    }

    @Test func `without a scope none is sent`() throws {
        #expect(try form(of: request(scope: nil).url)["scope"] == nil)
    }

    @Test(arguments: ["openid", "email openid", "email,openid"])
    func `a nonce goes along with the scope openid`(scope: String) throws {
        #expect(try form(of: request(scope: scope, nonce: "n").url).all("nonce") == ["n"])
        let own = try form(of: request(scope: scope, nonce: "n", extra: [("nonce", "own")]).url)
        #expect(own.all("nonce") == ["own"])
    }

    @Test(arguments: [nil, "email", "openid2", "https://p.test/openid"])
    func `without the scope openid no nonce is sent`(scope: String?) throws {
        #expect(try form(of: request(scope: scope, nonce: "n").url)["nonce"] == nil)
    }

    @Test func `the endpoint's own query is kept as it is`() throws {
        let url = try request(endpoint: "https://provider.test/a?tenant=x%20y").url
        #expect(url.hasPrefix("https://provider.test/a?tenant=x%20y&response_type=code&"))
        #expect(try request(endpoint: "https://p.test/a?").url.hasPrefix("https://p.test/a?resp"))
    }

    @Test(arguments: ["state", "code_challenge", "code_challenge_method", "redirect_uri"])
    func `an extra parameter can't override one of ours`(name: String) throws {
        let form = try form(of: request(extra: [(name, "evil"), ("prompt", "consent")]).url)
        #expect(form.all(name).count == 1)
        #expect(form[name] != "evil")
        #expect(form["prompt"] == "consent")
    }

    @Test func `where the scope goes by another name, 'scope' is free`() throws {
        var request = request(extra: [("scope", "bot"), ("user_scope", "evil")])
        request.scopeParameter = "user_scope"
        let form = try form(of: request.url)
        #expect(form.all("user_scope") == ["a b"])
        #expect(form.all("scope") == ["bot"])
        request.authorizationEndpoint = "https://p.test/a?user_scope=x"
        #expect(try self.form(of: request.url).all("user_scope") == ["a b"])
    }

    /// RFC 6749 §3.1: no parameter more than once; the integration's own count for more.
    @Test(arguments: [
        "prompt=select_account", "pr%6Fmpt=login", "prompt=a&prompt=b", "state=fixed&prompt=x",
        "code%5Fchallenge=x", "response_type=token&client_id=other", "redirect_uri=https://e.test/",
        "scope=admin", "tenant=x%20y&state=s2", "a=1&a=2",
    ])
    func `each parameter is there once, whatever the endpoint's query has`(query: String) throws {
        let url = try request(
            endpoint: "https://provider.test/a?\(query)", extra: [("prompt", "consent")]
        ).url
        let fields = form(of: url).fields
        #expect(Set(fields.map(\.name)).count == fields.count, "\(url)")
        #expect(form(of: url)["prompt"] == "consent")
        #expect(form(of: url)["state"] == "s")
        #expect(form(of: url)["client_id"] == "id")
        #expect(form(of: url)["response_type"] == "code")
        #expect(form(of: url)["scope"] == "a b")
        if query.hasPrefix("tenant") { #expect(url.contains("?tenant=x%20y&")) }
    }

    @Test func `a nonce of the endpoint's own query is the only one`() throws {
        let url = try request(
            endpoint: "https://p.test/a?nonce=own", scope: "openid", nonce: "n"
        ).url
        #expect(form(of: url).all("nonce") == ["own"])
    }

    @Test(arguments: [
        "https://p.test/a#fragment", "p.test/a", "javascript:alert(1)", "https://", "https:///a",
        "https://p.test/a b", "https://p.test/\r\nX: y", "https://p.test/%zz?a=%z",
    ])
    func `an endpoint that can't be used is refused`(endpoint: String) {
        let error = failure { _ = try request(endpoint: endpoint).url }
        guard case .badEndpoint = error else {
            Issue.record("\(endpoint) gave \(String(describing: error))")
            return
        }
    }
}
