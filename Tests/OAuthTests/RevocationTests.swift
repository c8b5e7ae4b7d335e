import HTTPClient
import HTTPTypes
import Headers
import OAuth
import Testing

/// RFC 7009 (SECURITY 16).
@Suite struct RevocationTests {
    private func revoke(
        _ transport: FakeTransport, _ authentication: ClientAuthentication = .post
    ) -> OAuthError? {
        let endpoint = RevocationEndpoint(
            url: "https://p.test/revoke",
            client: Client(id: "id", secret: "s", authentication: authentication),
            transport: transport)
        return failure { try endpoint.revoke("t&1", hint: .refreshToken) }
    }

    @Test func `the token goes in the body, with a hint and the client's proof`() throws {
        let transport = FakeTransport("")
        #expect(revoke(transport) == nil)
        #expect(
            transport.sentBody
                == "token=t%261&token_type_hint=refresh_token&client_id=id&client_secret=s")
        #expect(transport.requests.first?.method == .post)
        #expect(transport.requests.first?.connection == .fresh)
        _ = revoke(transport, .basic)
        #expect(transport.requests.last?.headers[.authorization] == "Basic aWQ6cw==")
    }

    @Test(arguments: [200, 204])
    func `success is success, whatever its body says (SECURITY 16)`(status: Int) {
        #expect(revoke(FakeTransport(status: status, type: "text/html", "gone")) == nil)
    }

    @Test(arguments: [nil, "br", "gzip"], [nil, HTTPClientError.broken(.body, "reset")])
    func `success is success, whatever becomes of its body (SECURITY 16)`(
        coding: String?, failure: HTTPClientError?
    ) {
        var headers: HeaderFields = [:]
        headers[.contentEncoding] = coding
        for body in [[], [0x1F, 0x8B, 8], [UInt8](repeating: 0x20, count: 100_000)] {
            let transport = FakeTransport { [headers] _ in
                FakeExchange(headers: headers, body: body, failure: failure)
            }
            #expect(revoke(transport) == nil)
        }
    }

    @Test func `a token that the provider says is invalid counts as revoked (SECURITY 16)`() {
        let body = #"{"error":"invalid_token","error_description":"Token expired or revoked"}"#
        #expect(revoke(FakeTransport(status: 400, body)) == nil)
    }

    @Test(arguments: [429, 500, 503])
    func `a busy or broken provider is to be asked again (SECURITY 16)`(status: Int) {
        #expect(
            revoke(FakeTransport(status: status, #"{"error":"invalid_token"}"#))
                == .outage(.status(status)))
    }

    @Test func `no answer is to be asked again (SECURITY 16)`() {
        #expect(revoke(FakeTransport(failing: HTTPClientError.timedOut(.sent))) == .timedOut)
        guard
            case .outage = revoke(FakeTransport(failing: HTTPClientError.connectionFailed("x")))
        else {
            Issue.record("no outage")
            return
        }
    }

    @Test(arguments: ["unsupported_token_type", "invalid_client", "invalid_request"])
    func `a refusal is final`(code: String) {
        #expect(
            revoke(FakeTransport(status: 400, #"{"error":"\#(code)"}"#))
                == .refused(code: code, status: 400))
    }

    @Test func `a page instead of an answer is an outage`() {
        #expect(
            revoke(FakeTransport(status: 404, type: "text/html", "x")) == .outage(.status(404)))
    }
}
