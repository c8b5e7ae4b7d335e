import Encoding
import OAuth
import Testing

@Suite struct AuthorizationResponseTests {
    private func response(_ query: String) throws -> AuthorizationResponse {
        try AuthorizationResponse(fields: try #require(Form(encoded: query)))
    }

    @Test func `a code comes with its state and its issuer`() throws {
        let response = try response("code=c%2B1&state=s&iss=https%3A%2F%2Fp.test")
        #expect(response.outcome == .code("c+1"))
        #expect(response.state == "s")
        #expect(response.issuer == "https://p.test")
    }

    @Test(arguments: [
        "code=a&code=b&state=s", "code=a&state=s&state=s", "code=a&state=s&iss=x&iss=x",
        "error=access_denied&error=server_error&state=s", "code=a&c%6Fde=b&state=s",
    ])
    func `a parameter that occurs twice is refused (SECURITY 5)`(query: String) {
        guard case .malformedResponse = failure(of: { _ = try response(query) }) else {
            Issue.record("accepted: \(query)")
            return
        }
    }

    @Test(arguments: ["state=s", "code=&state=s", "code=a&error=access_denied&state=s", ""])
    func `a response is a code or an error, and one of them`(query: String) {
        guard case .malformedResponse = failure(of: { _ = try response(query) }) else {
            Issue.record("accepted: \(query)")
            return
        }
    }

    @Test func `a state without a value counts as absent`() throws {
        #expect(try response("code=a&state=").state == nil)
    }

    @Test func `a refusal keeps its code and its text apart`() throws {
        #expect(
            try response("error=access_denied&error_description=No+thanks").outcome
                == .error(code: "access_denied", description: "No thanks"))
        #expect(
            try response("error=user_cancelled_login").outcome
                == .error(code: "access_denied", description: nil))
    }

    @Test func `an error code of a stranger's is not passed on`() throws {
        #expect(
            try response("error=%3Cscript%3E").outcome == .error(code: "other", description: nil))
    }

    @Test func `a description loses its control and formatting characters and is cut`() throws {
        let hostile = "a%00b%1B%5B31mc%0D%0Ad%E2%80%AEe" + String(repeating: "x", count: 1_000)
        let outcome = try response("error=access_denied&error_description=\(hostile)").outcome
        guard case .error(_, let text?) = outcome else {
            Issue.record("no description")
            return
        }
        #expect(text.hasPrefix("ab[31mc dex"))
        #expect(text.unicodeScalars.count == 300)
    }

    @Test func `an identical issuer passes`() throws {
        try response("code=a&iss=https%3A%2F%2Fp.test").checkIssuer(
            expected: "https://p.test", required: true)
    }

    @Test(arguments: [
        "https%3A%2F%2Fp.test%2F", "https%3A%2F%2FP.test", "HTTPS%3A%2F%2Fp.test", "",
        "https%3A%2F%2Fp.test%20", "https%3A%2F%2Fp.test%3A443",
    ])
    func `an issuer that differs in any byte is refused (SECURITY 7)`(issuer: String) throws {
        for query in ["code=a&iss=\(issuer)", "error=access_denied&iss=\(issuer)"] {
            let response = try response(query)
            #expect(throws: OAuthError.issuerMismatch) {
                try response.checkIssuer(expected: "https://p.test", required: false)
            }
        }
    }

    @Test func `an issuer that only Unicode calls equal is refused (SECURITY 7)`() throws {
        let response = try response("code=a&iss=https%3A%2F%2Fp.test%2Fe%CC%81")
        #expect(throws: OAuthError.issuerMismatch) {
            try response.checkIssuer(expected: "https://p.test/\u{E9}", required: false)
        }
    }

    @Test(arguments: ["code=a&state=s", "error=access_denied&state=s"])
    func `a promised issuer that is missing is refused (SECURITY 7)`(query: String) throws {
        let response = try response(query)
        #expect(throws: OAuthError.issuerMissing) {
            try response.checkIssuer(expected: "https://p.test", required: true)
        }
    }

    @Test func `an issuer that was not promised may be missing`() throws {
        try response("code=a").checkIssuer(expected: "https://p.test", required: false)
    }

    @Test func `with no issuer known, one passes unless it is required`() throws {
        let response = try response("code=a&iss=x")
        try response.checkIssuer(expected: nil, required: false)
        #expect(throws: OAuthError.issuerMismatch) {
            try response.checkIssuer(expected: nil, required: true)
        }
    }
}
