import OAuth
import Testing

/// What an integration names as the sign of a dead grant. A sign is wide, and a grant that is taken
/// for dead is asked for nothing more: what the answer says by the standard counts for more.
@Suite struct RefusalSignTests {
    private static let wide = RefusalSign(status: 400, member: nil, value: nil)

    private func refresh(
        _ transport: FakeTransport, dead signs: [RefusalSign] = [wide]
    ) -> OAuthError? {
        let endpoint = TokenEndpoint(
            url: "https://p.test/token",
            client: Client(id: "i", secret: "s", authentication: .post), transport: transport)
        return failure { _ = try endpoint.refresh(refreshToken: "r", dead: signs) }
    }

    @Test(arguments: ["", "<html>", "{}", #"{"message":"no"}"#, #"{"error":"token_too_old"}"#])
    func `a refusal that says nothing by the standard is the sign`(body: String) {
        #expect(refresh(FakeTransport(status: 400, body))?.isGrantDead == true)
    }

    @Test(arguments: [
        "invalid_client", "bad_client_secret", "invalid_request", "unauthorized_client",
        "invalid_scope", "unsupported_grant_type", "temporarily_unavailable", "slow_down",
    ])
    func `a refusal for another reason never is: a changed secret kills no grant`(code: String) {
        let error = refresh(FakeTransport(status: 400, #"{"error":"\#(code)"}"#))
        #expect(error != nil && error?.isGrantDead == false)
    }

    @Test(arguments: ["invalid_request", "unauthorized_client", "other"])
    func `a member of the answer tells it beside any code`(code: String) {
        let sign = RefusalSign(
            status: 400, member: MemberPath(member: "error_description"), value: "it is invalid")
        let body = #"{"error":"\#(code)","error_description":"it is invalid"}"#
        #expect(refresh(FakeTransport(status: 400, body), dead: [sign])?.isGrantDead == true)
        #expect(refresh(FakeTransport(status: 401, body), dead: [sign])?.isGrantDead == false)
    }

    @Test(arguments: [429, 500, 502, 503])
    func `trouble never is, whatever it writes`(status: Int) throws {
        let sign = RefusalSign(status: nil, member: MemberPath(member: "state"), value: "dead")
        let error = refresh(FakeTransport(status: status, #"{"state":"dead"}"#), dead: [sign])
        #expect(error == .outage(.status(status)))
    }

    @Test func `tokens never are`() {
        let sign = RefusalSign(status: nil, member: MemberPath(member: "state"), value: "dead")
        let body = #"{"access_token":"a","state":"dead"}"#
        #expect(refresh(FakeTransport(body), dead: [sign]) == nil)
        let other = #"{"access_token":"a","token_type":"mac","state":"dead"}"#
        #expect(refresh(FakeTransport(other), dead: [sign]) == .wrongTokenType("mac"))
    }

    @Test func `an answer with status 200 and without tokens may be`() {
        let sign = RefusalSign(status: nil, member: MemberPath(member: "code"), value: "40105")
        #expect(refresh(FakeTransport(#"{"code":40105}"#), dead: [sign])?.isGrantDead == true)
    }
}
