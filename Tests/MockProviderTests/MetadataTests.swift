import Encoding
import MockProvider
import Testing

@Suite struct MetadataTests {
    private func metadata(_ change: (inout MockSettings) -> Void = { _ in }) throws -> JSONValue {
        try TestProvider(change).ask(.get, "/.well-known/oauth-authorization-server").json
    }

    @Test func `the issuer is the configured one, and every endpoint lies under it`() throws {
        let metadata = try metadata()
        #expect(metadata["issuer"]?.stringValue == TestProvider.issuer)
        for name in ["authorization", "token", "revocation", "introspection", "userinfo"] {
            let url = metadata["\(name)_endpoint"]?.stringValue
            #expect(url?.hasPrefix("\(TestProvider.issuer)/") == true)
        }
        #expect(metadata["code_challenge_methods_supported"] == ["S256"])
    }

    @Test func `it says what is set`() throws {
        let promise = "authorization_response_iss_parameter_supported"
        #expect(try metadata()[promise] == true)
        #expect(try metadata { $0.issuerParameter = .absent }[promise] == false)
        #expect(
            try metadata { $0.clientAuthentication = .post }[
                "token_endpoint_auth_methods_supported"] == ["client_secret_post"])
        #expect(try metadata { $0.scopes = ["a", "b"] }["scopes_supported"] == ["a", "b"])
        #expect(try metadata()["scopes_supported"] == nil)
    }
}
