import Foundation
import HTTPClient
import HTTPTypes
import OAuth
import Testing

@Suite struct AuthorizationServerMetadataTests {
    private func document(issuer: String, _ more: String = "") -> String {
        #"""
        {"issuer":"\#(issuer)","authorization_endpoint":"https://p.test/a",
         "token_endpoint":"https://p.test/t","revocation_endpoint":"https://p.test/r",
         "scopes_supported":["x"],"code_challenge_methods_supported":["S256"],
         "token_endpoint_auth_methods_supported":["client_secret_post"],
         "token_endpoint_auth_signing_alg_values_supported":["ES256"],
         "revocation_endpoint_auth_methods_supported":["none"],
         "authorization_response_iss_parameter_supported":true\#(more)}
        """#
    }

    /// Answers 404 but at one place.
    private func transport(at url: String, _ body: String) -> FakeTransport {
        FakeTransport { request in
            FakeExchange(
                status: request.url.description == url ? 200 : 404, body: [UInt8](body.utf8))
        }
    }

    @Test func `all that it says is read`() throws {
        let metadata = try AuthorizationServerMetadata.fetch(
            issuer: "https://p.test", transport: FakeTransport(document(issuer: "https://p.test")))
        #expect(metadata.issuer == "https://p.test")
        #expect(metadata.authorizationEndpoint == "https://p.test/a")
        #expect(metadata.tokenEndpoint == "https://p.test/t")
        #expect(metadata.revocationEndpoint == "https://p.test/r")
        #expect(metadata.scopesSupported == ["x"])
        #expect(metadata.tokenEndpointAuthMethods == ["client_secret_post"])
        #expect(metadata.tokenEndpointSigningAlgorithms == ["ES256"])
        #expect(metadata.revocationEndpointAuthMethods == ["none"])
        #expect(metadata.promisesIssuer)
    }

    @Test(arguments: [
        ("https://p.test", "https://p.test/.well-known/oauth-authorization-server"),
        ("https://p.test/", "https://p.test/.well-known/oauth-authorization-server"),
        (
            "https://p.test:8443/t/1",
            "https://p.test:8443/.well-known/oauth-authorization-server/t/1"
        ),
        ("https://p.test/t/1", "https://p.test/t/1/.well-known/openid-configuration"),
        ("https://p.test/", "https://p.test/.well-known/openid-configuration"),
        ("https://p.test/t/1", "https://p.test/.well-known/openid-configuration/t/1"),
        ("https://p.test/t/1", "https://p.test/t/1/.well-known/oauth-authorization-server"),
    ])
    func `it is found where RFC 8414 §3.1 or OpenID puts it`(
        issuer: String, location: String
    ) throws {
        let transport = transport(at: location, document(issuer: issuer))
        #expect(
            try AuthorizationServerMetadata.fetch(issuer: issuer, transport: transport).issuer
                == issuer)
    }

    @Test func `a compressed document is read, though none was asked for`() throws {
        let document = """
            H4sIAAAAAAACA6tWyiwuLk0tUrJSyigpKSi20tcv0CtJLS\
            5R0lEqyc9OzYtPzUspyM/MK8FQoV+iVAsAbwtg/T8AAAA=
            """
        let bytes = [UInt8](try #require(Data(base64Encoded: document)))
        let transport = FakeTransport { _ in
            FakeExchange(headers: [.contentEncoding: "gzip"], body: bytes)
        }
        let metadata = try AuthorizationServerMetadata.fetch(
            issuer: "https://p.test", transport: transport)
        #expect(metadata.tokenEndpoint == "https://p.test/t")
    }

    @Test func `RFC 8414's place is asked first, then OpenID's, then what servers make of them`() {
        let transport = FakeTransport(status: 404, "")
        _ = missing("https://p.test/t/", transport)
        #expect(
            transport.requests.map(\.url.description) == [
                "https://p.test/.well-known/oauth-authorization-server/t",
                "https://p.test/t/.well-known/openid-configuration",
                "https://p.test/.well-known/openid-configuration/t",
                "https://p.test/t/.well-known/oauth-authorization-server",
            ])
    }

    @Test func `an issuer without a path has two places`() {
        let transport = FakeTransport(status: 404, "")
        _ = missing("https://p.test/", transport)
        #expect(
            transport.requests.map(\.url.description) == [
                "https://p.test/.well-known/oauth-authorization-server",
                "https://p.test/.well-known/openid-configuration",
            ])
    }

    /// What `fetch` says when there is nothing to be had.
    private func missing(_ issuer: String, _ transport: FakeTransport) -> MetadataNotFound? {
        do {
            _ = try AuthorizationServerMetadata.fetch(issuer: issuer, transport: transport)
            return nil
        } catch {
            return error as? MetadataNotFound
        }
    }

    @Test func `a site that answers every path with a page is asked at both places`() throws {
        let transport = FakeTransport { request in
            request.url.description.hasSuffix("openid-configuration")
                ? FakeExchange(body: [UInt8](document(issuer: "https://p.test").utf8))
                : FakeExchange(type: "text/html", body: [UInt8]("<html>".utf8))
        }
        let metadata = try AuthorizationServerMetadata.fetch(
            issuer: "https://p.test", transport: transport)
        #expect(metadata.tokenEndpoint == "https://p.test/t")
    }

    @Test(arguments: [
        (302, ""), (401, ""), (429, ""), (500, "<html>"), (503, ""),
        (200, #"{"issuer":"https://other.test"}"#), (200, #"{"issuer":"https://p.test"}"#),
        (200, #"{"token_endpoint":"https://p.test/t"}"#),
        (200, #"{"issuer":"https://p.test","token_endpoint":"/t"}"#),
        (200, String(repeating: " ", count: 1_000_000)),
    ])
    func `what the first place says instead does not keep the second from being asked`(
        status: Int, body: String
    ) throws {
        let transport = FakeTransport { request in
            request.url.description.hasSuffix("openid-configuration")
                ? FakeExchange(body: [UInt8](document(issuer: "https://p.test").utf8))
                : FakeExchange(
                    status: status, headers: [.location: "https://p.test/login"],
                    body: [UInt8](body.utf8))
        }
        let metadata = try AuthorizationServerMetadata.fetch(
            issuer: "https://p.test", transport: transport)
        #expect(metadata.tokenEndpoint == "https://p.test/t")
        // SECURITY 31: the login page is not visited.
        #expect(transport.requests.allSatisfy { $0.url.description.contains("/.well-known/") })
    }

    @Test func `where there is no document, the error says what was seen, and where`() throws {
        let transport = FakeTransport { request in
            request.url.description.hasSuffix("openid-configuration")
                ? FakeExchange(type: "text/html", body: [UInt8]("<html>canary".utf8))
                : FakeExchange(
                    status: 302, headers: [.location: "https://p.test/canary"], body: [])
        }
        let text = "\(try #require(missing("https://p.test", transport)))"
        for part in ["oauth-authorization-server", "302", "openid-configuration", "no JSON"] {
            #expect(text.contains(part), "\(text)")
        }
        #expect(!text.contains("canary"))
    }

    @Test func `what is not used may be wrong`() throws {
        let metadata = try AuthorizationServerMetadata.fetch(
            issuer: "https://p.test",
            transport: FakeTransport(
                document(issuer: "https://p.test", #","userinfo_endpoint":"/me","jwks_uri":7"#)))
        #expect(metadata.tokenEndpoint == "https://p.test/t")
    }

    @Test(arguments: [
        "https://p.test/", "https://P.test", "https://evil.test", "http://p.test", "",
    ])
    func `an issuer that is not identical is refused (SECURITY 9)`(issuer: String) {
        let failure = missing("https://p.test", FakeTransport(document(issuer: issuer)))
        #expect(failure?.outcomes.map(\.error) == [.issuerMismatch, .issuerMismatch])
        #expect(failure?.isOfAnotherIssuer == true)
    }

    @Test func `a document without an issuer is refused (SECURITY 9)`() {
        let failure = missing(
            "https://p.test", FakeTransport(#"{"token_endpoint":"https://p.test/t"}"#))
        #expect(failure?.outcomes.map(\.error) == [.issuerMissing, .issuerMissing])
        #expect(failure?.isOfAnotherIssuer == true)
    }

    @Test(arguments: ["http://p.test", "https://p.test?x=1", "https://p.test#x", "p.test", ""])
    func `nothing is fetched for an issuer that is no issuer`(issuer: String) {
        let transport = FakeTransport(document(issuer: issuer))
        let error = failure {
            _ = try AuthorizationServerMetadata.fetch(issuer: issuer, transport: transport)
        }
        guard case .badEndpoint = error else {
            Issue.record("\(issuer) gave \(String(describing: error))")
            return
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func `http is let in where it is allowed, for issuer and endpoints`() throws {
        let body = #"{"issuer":"http://127.0.0.1:1","token_endpoint":"http://127.0.0.1:1/t"}"#
        let metadata = try AuthorizationServerMetadata.fetch(
            issuer: "http://127.0.0.1:1", transport: FakeTransport(body), allowHTTP: true)
        #expect(metadata.tokenEndpoint == "http://127.0.0.1:1/t")
        #expect(!metadata.promisesIssuer)
    }

    @Test(arguments: ["\"http://p.test/t\"", "\"javascript:x\"", "\"/t\"", "7"])
    func `an endpoint that is no https URL is refused`(endpoint: String) {
        let body = #"{"issuer":"https://p.test","token_endpoint":\#(endpoint)}"#
        let failure = missing("https://p.test", FakeTransport(body))
        guard case .malformedResponse? = failure?.outcomes.first?.error else {
            Issue.record("\(endpoint) gave \(String(describing: failure))")
            return
        }
    }

    @Test func `a document that never ends is cut at the limit (SECURITY 36)`() {
        let exchange = FakeExchange(body: [UInt8](repeating: 0x20, count: 10_000_000))
        let failure = missing("https://p.test", FakeTransport { _ in exchange })
        #expect(failure.map { "\($0)" }?.contains("too large") == true)
        // Twice: there are two places.
        #expect(exchange.drainedBytes < 2 * 300_000)
    }

    @Test(arguments: [429, 503])
    func `what each place said is told, in the order in which they were asked`(status: Int) {
        let transport = FakeTransport(status: status, "")
        let failure = missing("https://p.test", transport)
        #expect(
            failure?.outcomes.map(\.error) == [.outage(.status(status)), .outage(.status(status))])
        #expect(failure?.outcomes.map(\.location) == transport.requests.map(\.url.description))
        #expect(failure?.isOfAnotherIssuer == false)
    }

    @Test(arguments: [
        HTTPClientError.timedOut(.sent), .connectionFailed("refused"), .broken(.sent, ""),
        .malformedResponse(""),
    ])
    func `a place that gives no answer does not keep the next from being asked`(
        error: HTTPClientError
    ) throws {
        let transport = FakeTransport { request in
            guard request.url.description.hasSuffix("openid-configuration") else { throw error }
            return FakeExchange(body: [UInt8](document(issuer: "https://p.test").utf8))
        }
        let metadata = try AuthorizationServerMetadata.fetch(
            issuer: "https://p.test", transport: transport)
        #expect(metadata.tokenEndpoint == "https://p.test/t")
    }
}
