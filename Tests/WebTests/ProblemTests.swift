import Encoding
import HTTPTypes
import Testing
import Web

@Suite struct ProblemTests {
    @Test func `a problem is RFC 9457 with a code and the request's id`() throws {
        let problem = Problem(
            .conflict, .connectionRequired, "Connect first.",
            members: [("connect", "/c")], headers: [.retryAfter: "5"])
        let response = problem.response(requestID: "r1")
        #expect(response.status == .conflict)
        #expect(response.headers[.contentType] == "application/problem+json")
        #expect(response.headers[.retryAfter] == "5")
        guard case .bytes(let bytes) = response.body else {
            Issue.record("the body is not in memory")
            return
        }
        #expect(
            try JSONValue(parsing: bytes) == [
                "type": "about:blank", "title": "Conflict", "status": 409,
                "detail": "Connect first.", "code": "connection_required", "requestId": "r1",
                "connect": "/c",
            ])
    }

    @Test(arguments: [
        (RequestBodyError.incomplete, 400, "body_incomplete"),
        (.tooLarge(limit: 7), 413, "body_too_large"), (.tooSlow(rate: 7), 408, "body_timeout"),
    ])
    func `a body that cannot be read has its status and its code`(
        error: RequestBodyError, status: Int, code: String
    ) {
        let problem = Problem(body: error)
        #expect(problem.status.code == status)
        #expect(problem.code.rawValue == code)
        #expect(problem.detail.contains("7") == (error != .incomplete))
    }
}
