import HTTPClient
import HTTPTypes
import Headers
import OAuth
import Testing

/// Whether a grant is dead or a provider in trouble is told by what is said, never by a status.
@Suite struct ErrorResponseTests {
    private func refresh(_ transport: FakeTransport) -> OAuthError? {
        let endpoint = TokenEndpoint(
            url: "https://p.test/token",
            client: Client(id: "i", secret: "s", authentication: .post),
            transport: transport)
        return failure { _ = try endpoint.refresh(refreshToken: "r") }
    }

    @Test(arguments: [400, 401, 403, 200])
    func `invalid_grant ends the grant, whatever the status below 500`(status: Int) {
        let error = refresh(FakeTransport(status: status, #"{"error":"invalid_grant"}"#))
        #expect(error == .refused(code: "invalid_grant", status: status))
        #expect(error?.isGrantDead == true)
    }

    @Test(arguments: [
        "bad_refresh_token", "bad_verification_code", "invalid_refresh_token", "invalid_code",
    ])
    func `a provider's documented synonym ends the grant too`(code: String) {
        let error = refresh(FakeTransport(#"{"ok":false,"error":"\#(code)"}"#))
        #expect(error?.isGrantDead == true)
    }

    @Test(arguments: [
        ("invalid_client", "invalid_client"), ("incorrect_client_credentials", "invalid_client"),
        ("invalid_scope", "invalid_scope"), ("INVALID_GRANT", "other"), ("whatever", "other"),
    ])
    func `any other refusal leaves the grant alone`(said: String, code: String) {
        let error = refresh(FakeTransport(status: 400, #"{"error":"\#(said)"}"#))
        #expect(error == .refused(code: code, status: 400))
        #expect(error?.isGrantDead == false)
    }

    @Test func `an error is an error with status 200 and a token beside it`() {
        let error = refresh(
            FakeTransport(#"{"access_token":"a","error":"invalid_request"}"#))
        #expect(error == .refused(code: "invalid_request", status: 200))
    }

    @Test func `an error in a form is an error (GitHub of old)`() {
        let error = refresh(
            FakeTransport(
                type: "application/x-www-form-urlencoded", "error=bad_verification_code"))
        #expect(error?.isGrantDead == true)
    }

    @Test func `an error that is an object is a refusal without a known code`() {
        let error = refresh(
            FakeTransport(status: 400, #"{"error":{"type":"OAuthException","code":190}}"#))
        #expect(error == .refused(code: "other", status: 400))
    }

    @Test(arguments: [#""error":null"#, #""error":"""#])
    func `an error that says nothing is none`(member: String) {
        #expect(refresh(FakeTransport(#"{"access_token":"a",\#(member)}"#)) == nil)
    }

    @Test(arguments: [429, 500, 502, 503, 504])
    func `a broken or busy provider is an outage, whatever it writes`(status: Int) {
        let error = refresh(FakeTransport(status: status, #"{"error":"invalid_grant"}"#))
        #expect(error == .outage(.status(status)))
        #expect(error?.isGrantDead == false)
    }

    @Test(arguments: ["temporarily_unavailable", "server_error", "ratelimited"])
    func `a code for trouble is an outage, whatever the status`(code: String) {
        guard case .outage = refresh(FakeTransport(status: 400, #"{"error":"\#(code)"}"#)) else {
            Issue.record("\(code) is no outage")
            return
        }
    }

    @Test(arguments: [301, 302, 307, 400, 401, 403, 404])
    func `a page instead of an answer is an outage`(status: Int) {
        let error = refresh(
            FakeTransport(status: status, type: "text/html", "<h1>invalid_grant</h1>"))
        #expect(error == .outage(.status(status)))
    }

    @Test(arguments: [
        "<html>", #"{"access_token":"a""#, "", "null", "[]", #""a""#,
        #"{"access_token":"a","access_token":"b"}"#,
    ])
    func `an answer that can't be read is an outage`(body: String) {
        #expect(refresh(FakeTransport(body)) == .outage(.unreadable(status: 200)))
    }

    @Test func `a form with a name twice is an outage`() {
        let error = refresh(
            FakeTransport(
                type: "application/x-www-form-urlencoded", "access_token=a&access_token=b"))
        #expect(error == .outage(.unreadable(status: 200)))
    }

    @Test(arguments: [200, 400])
    func `an answer that never ends is cut at the limit (SECURITY 36)`(status: Int) {
        let exchange = FakeExchange(
            status: status, body: [UInt8](repeating: 0x20, count: 10_000_000))
        #expect(refresh(FakeTransport { _ in exchange }) == .outage(.tooLarge))
        #expect(exchange.drainedBytes <= 65_536 + 16_384)
    }

    @Test func `an answer of just the limit is read (SECURITY 36)`() {
        let token = #"{"access_token":"a"}"#
        let body = token + String(repeating: " ", count: 65_536 - token.utf8.count)
        #expect(refresh(FakeTransport(body)) == nil)
    }

    @Test func `a body that breaks off is an outage`() {
        let exchange = FakeExchange(
            body: [UInt8](#"{"access_token":"a"}"#.utf8),
            failure: HTTPClientError.broken(.body, "reset"))
        #expect(
            refresh(FakeTransport { _ in exchange })
                == .outage(.network("the connection broke (body)")))
    }

    @Test(arguments: [
        HTTPClientError.broken(.body, "reset"), .timedOut(.body), .responseTooLarge,
    ])
    func `RELIABILITY 17: what breaks off behind the refresh token gives the tokens`(
        transferError: HTTPClientError
    ) throws {
        let exchange = FakeExchange(
            body: [UInt8](#"{"access_token":"a","refresh_token":"new","id_token":"ey"#.utf8),
            failure: transferError)
        #expect(refresh(FakeTransport { _ in exchange }) == nil)
    }

    @Test func `RELIABILITY 17: what is too long behind the refresh token gives the tokens`() throws
    {
        let start = #"{"access_token":"a","refresh_token":"new","id_token":""#
        let body = start + String(repeating: "a", count: 100_000) + #""}"#
        #expect(refresh(FakeTransport(body)) == nil)
    }

    @Test(arguments: [
        "interaction_required", "login_required", "consent_required", "account_selection_required",
        "insufficient_user_authentication", "mfa_required", "unmet_authentication_requirements",
    ])
    func `a provider that wants its user says so, whatever the status below 500`(code: String) {
        for status in [200, 400, 401, 403] {
            let error = refresh(FakeTransport(status: status, #"{"error":"\#(code)"}"#))
            #expect(error?.needsUser == true)
            #expect(error?.isGrantDead == false)
        }
        let outage = refresh(FakeTransport(status: 503, #"{"error":"\#(code)"}"#))
        #expect(outage?.needsUser == false)
    }

    @Test(arguments: ["invalid_client", "unauthorized_client", "invalid_token", "access_denied"])
    func `a provider that says something else does not want its user`(code: String) {
        #expect(
            refresh(FakeTransport(status: 401, #"{"error":"\#(code)"}"#))?.needsUser == false)
    }

    @Test(arguments: [
        "{\"error\":\"invalid_grant\",\"x\":NaN}", "\u{FEFF}{\"error\":\"invalid_grant\"}",
    ])
    func `a refusal is understood whatever stands beside its code`(body: String) {
        #expect(refresh(FakeTransport(status: 400, body))?.isGrantDead == true)
        let page = "<script>var x = \(body)</script>"
        #expect(
            refresh(FakeTransport(status: 400, type: "text/html", page)) == .outage(.status(400)))
    }

    @Test func `a refusal in ISO 8859-1 is understood`() {
        let bytes = Array(#"{"error":"invalid_grant","error_description":"p"#.utf8) + [0xE9]
        let exchange = FakeExchange(status: 400, body: bytes + Array(#"rim"}"#.utf8))
        #expect(refresh(FakeTransport { _ in exchange })?.isGrantDead == true)
        let form = Array("error=invalid_grant&error_description=p%E9rim".utf8)
        let answer = FakeExchange(
            status: 400, type: "application/x-www-form-urlencoded", body: form)
        #expect(refresh(FakeTransport { _ in answer })?.isGrantDead == true)
    }

    @Test(arguments: [429, 500, 503])
    func `when to ask again goes along with trouble`(status: Int) {
        let headers: HeaderFields = [.retryAfter: "20", .server: "x"]
        let error = refresh(FakeTransport(status: status, headers: headers, "{}"))
        #expect(error == .outage(.status(status, pacing: [.retryAfter: "20"])))
    }

    @Test(arguments: [HTTPClientError.Phase.connecting, .sent, .body])
    func `out of time is told apart from a broken connection`(phase: HTTPClientError.Phase) {
        #expect(refresh(FakeTransport(failing: HTTPClientError.timedOut(phase))) == .timedOut)
    }

    @Test(arguments: [
        HTTPClientError.nameNotResolved("p.test"), .connectionFailed("refused"),
        .tlsFailed("certificate has expired"), .broken(.sent, "reset"), .malformedResponse("x"),
        .headerTooLarge, .other("x"),
    ])
    func `no answer is an outage`(transferError: HTTPClientError) {
        guard case .outage = refresh(FakeTransport(failing: transferError)) else {
            Issue.record("\(transferError) is no outage")
            return
        }
    }

    @Test(arguments: [HTTPClientError.badURL("x"), .addressRefused("10.0.0.1")])
    func `a URL that the transport refuses is ours to mend`(transferError: HTTPClientError) {
        #expect(
            refresh(FakeTransport(failing: transferError))?.publicCode.rawValue
                == "integration_misconfigured")
    }
}
