import Connections
import OAuth
import Testing

struct ConnectFailureTests {
    /// RFC 6749 has the code in both places; only where the browser is sent back does it tell of a
    /// client that may not.
    @Test func `unauthorized_client at the exchange is about the client's secret`() {
        let exchange = OAuthError.refused(code: "unauthorized_client", status: 403)
        #expect(ConnectFailure(exchange) == .clientRefused)
        let authorization = OAuthError.refusedAuthorization(code: "unauthorized_client")
        #expect(ConnectFailure(authorization) == .clientNotApproved)
    }

    @Test func `a token of another type is told apart, and what to do names the field`() {
        let error = OAuthError.wrongTokenType("BearerToken")
        #expect("\(error)".contains("BearerToken"))
        #expect("\(error)".contains("tokenResponse.tokenTypes"))
        #expect(ConnectFailure(error) == .tokenTypeUnknown)
    }
}
