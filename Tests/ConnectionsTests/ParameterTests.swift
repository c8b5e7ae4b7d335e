import Connections
import Encoding
import TestSupport
import Testing

/// Parameters that an integration adds to the protocol's, or calls by another name.
struct ParameterTests {
    private let house: Household

    init() throws {
        house = try Household()
    }

    private func problem(_ changes: [(String, JSONValue)]) -> String? {
        house.problem { try house.addDrive(changes) }
    }

    @Test(
        arguments: [
            [("authorizationParameters", ["state": "x"])],
            [("authorizationParameters", ["scope": "x"])],
            [("scopeParameter", "user_scope"), ("authorizationParameters", ["user_scope": "x"])],
            [("resource", ["https://a.test"]), ("authorizationParameters", ["resource": "x"])],
            [("tokenParameters", ["scope": "x"])], [("tokenParameters", ["client_assertion": "x"])],
            [("refresh", ["parameters": ["grant_type": "x"]])],
            [("refresh", ["parameter": "t", "parameters": ["t": "x"]])],
            [("refresh", ["parameter": "client_secret"])], [("refresh", ["parameter": ""])],
            [("refresh", ["parameter": "scope"])], [("scopeParameter", "state")],
            [("scopeParameter", "redirect_uri")], [("scopeParameter", "")],
            [("callbackSignature", ["parameter": "code"])],
        ] as [[(String, JSONValue)]])
    func `a parameter that the protocol has is not given by somebody else`(
        changes: [(String, JSONValue)]
    ) {
        let problem = problem(changes) ?? ""
        #expect(
            ["set by Grantkeeper", "cannot be"].contains { problem.contains($0) }, "\(problem)")
    }

    @Test(
        arguments: [
            [("scopeParameter", "user_scope")],
            [("scopeParameter", "user_scope"), ("authorizationParameters", ["scope": "x"])],
            [("authorizationParameters", ["resource": "x", "nonce": "n"])],
            [
                (
                    "refresh",
                    ["parameter": "fb_exchange_token", "grantType": "fb_exchange_token"]
                )
            ],
            [("callbackSignature", ["parameter": "hmac"])],
        ] as [[(String, JSONValue)]])
    func `what only looks like it is let through`(changes: [(String, JSONValue)]) {
        #expect(problem(changes) == nil)
    }
}
