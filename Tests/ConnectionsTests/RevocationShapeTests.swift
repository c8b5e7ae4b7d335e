import Connections
import Encoding
import HTTPTypes
import Primitives
import TestSupport
import Testing

/// Revoking in the shapes that vendors have, described in an integration.
struct RevocationShapeTests {
    /// What one vendor wants: how the integration says it, and what must arrive.
    struct Vendor: Sendable, CustomTestStringConvertible {
        let name: String
        let uri: String
        let revocation: JSONValue
        var authentication = "post"
        let method: HTTPRequest.Method
        let url: String
        var headers: [String: String] = [:]
        var bodies: [String] = [""]

        var testDescription: String { name }
    }

    private static let basic = "Basic Y2xpZW50OmNsaWVudC1zZWNyZXQtY2FuYXJ5"

    static let vendors = [
        Vendor(
            name: "GitHub", uri: "https://provider.test/applications/{clientId}/grant",
            revocation: [
                "method": "DELETE", "in": "json", "name": "access_token",
                "tokens": ["access_token"], "authentication": "basic",
            ],
            method: .delete, url: "https://provider.test/applications/client/grant",
            headers: ["Authorization": basic, "Content-Type": "application/json"],
            bodies: [#"{"access_token":"access-1"}"#]),
        Vendor(
            name: "Slack", uri: "https://provider.test/auth.revoke",
            revocation: ["in": "header", "tokens": ["refresh_token", "access_token"]],
            method: .post, url: "https://provider.test/auth.revoke",
            headers: ["Authorization": "Bearer refresh-1"], bodies: ["", ""]),
        Vendor(
            name: "Dropbox", uri: "https://provider.test/2/auth/token/revoke",
            revocation: ["in": "header", "tokens": ["access_token"]],
            method: .post, url: "https://provider.test/2/auth/token/revoke",
            headers: ["Authorization": "Bearer access-1"]),
        Vendor(
            name: "Notion", uri: "https://provider.test/v1/oauth/revoke",
            revocation: [
                "in": "json", "tokens": ["access_token"], "headers": ["Notion-Version": "2022"],
            ],
            authentication: "basic", method: .post, url: "https://provider.test/v1/oauth/revoke",
            headers: ["Authorization": basic, "Notion-Version": "2022"],
            bodies: [#"{"token":"access-1"}"#]),
        Vendor(
            name: "Shopify", uri: "https://provider.test/admin/api_permissions/current.json",
            revocation: [
                "method": "DELETE", "in": "header", "name": "X-Shopify-Access-Token",
                "tokens": ["access_token"],
            ],
            method: .delete, url: "https://provider.test/admin/api_permissions/current.json",
            headers: ["X-Shopify-Access-Token": "access-1"]),
        Vendor(
            name: "QuickBooks", uri: "https://provider.test/v2/oauth2/tokens/revoke",
            revocation: ["in": "json", "tokens": ["refresh_token"], "authentication": "basic"],
            method: .post, url: "https://provider.test/v2/oauth2/tokens/revoke",
            headers: ["Authorization": basic], bodies: [#"{"token":"refresh-1"}"#]),
        Vendor(
            name: "Zendesk", uri: "https://provider.test/api/v2/oauth/tokens/current.json",
            revocation: ["method": "DELETE", "in": "header", "tokens": ["access_token"]],
            method: .delete, url: "https://provider.test/api/v2/oauth/tokens/current.json",
            headers: ["Authorization": "Bearer access-1"]),
        Vendor(
            name: "Facebook", uri: "https://provider.test/me/permissions",
            revocation: [
                "method": "DELETE", "in": "query", "name": "access_token",
                "tokens": ["access_token"], "authentication": "none",
            ],
            method: .delete, url: "https://provider.test/me/permissions?access_token=access-1"),
        Vendor(
            name: "Square", uri: "https://provider.test/oauth2/revoke",
            revocation: [
                "in": "json", "name": "access_token", "tokens": ["access_token"],
                "authentication": "none", "parameters": ["client_id": "{clientId}"],
                "headers": ["Authorization": "Client {clientSecret}"],
            ],
            method: .post, url: "https://provider.test/oauth2/revoke",
            headers: ["Authorization": "Client client-secret-canary"],
            bodies: [#"{"access_token":"access-1","client_id":"client"}"#]),
        Vendor(
            name: "Strava", uri: "https://provider.test/oauth/deauthorize",
            revocation: [
                "name": "access_token", "tokens": ["access_token"], "authentication": "none",
            ],
            method: .post, url: "https://provider.test/oauth/deauthorize",
            bodies: ["access_token=access-1"]),
        Vendor(
            name: "a path", uri: "https://provider.test/tokens/{token}",
            revocation: [
                "method": "DELETE", "in": "url", "tokens": ["refresh_token"],
                "authentication": "basic",
            ],
            method: .delete, url: "https://provider.test/tokens/refresh-1",
            headers: ["Authorization": basic]),
        Vendor(
            name: "RFC 7009", uri: "https://provider.test/revoke", revocation: .null, method: .post,
            url: "https://provider.test/revoke",
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            bodies: [
                "token=refresh-1&token_type_hint=refresh_token&client_id=client"
                    + "&client_secret=client-secret-canary",
                "token=access-1&token_type_hint=access_token&client_id=client"
                    + "&client_secret=client-secret-canary",
            ]),
    ]

    /// A household whose connection has ended.
    private func disconnected(
        _ revocation: JSONValue, uri: String = "https://provider.test/revoke",
        authentication: String = "post",
        answering answer: @escaping FakeNetwork.Answering = { _ in FakeAnswer(200) }
    ) throws -> TestKeeper {
        let house = try TestKeeper()
        try house.addDrive([
            ("revocationUri", .string(uri)), ("revocation", revocation),
            ("clientAuthentication", .string(authentication)),
        ])
        try house.connect()
        house.network.answer("https://provider.test/") { request in
            request.url.hasSuffix("/token")
                ? house.network.usualAnswer(request) : try answer(request)
        }
        try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("alice"))
        try house.keeper.background.round()
        return house
    }

    private func revocations(_ house: TestKeeper) -> [SentRequest] {
        house.network.sent(to: "https://provider.test/").filter { !$0.url.hasSuffix("/token") }
    }

    @Test(arguments: vendors)
    func `a vendor is asked in its own shape`(vendor: Vendor) throws {
        let house = try disconnected(
            vendor.revocation, uri: vendor.uri, authentication: vendor.authentication)
        let sent = revocations(house)
        #expect(sent.map(\.text) == vendor.bodies)
        #expect(sent.allSatisfy { $0.method == vendor.method && $0.url == vendor.url })
        for (name, value) in vendor.headers {
            let name = try #require(HTTPField.Name(name))
            #expect(sent.first?.headers[name] == value)
        }
        if vendor.headers["Authorization"] == nil {
            #expect(sent.first?.headers[.authorization] == nil)
        }
        #expect(try house.keeper.revocations.list().isEmpty)
    }

    @Test(arguments: [404, 410])
    func `an address with nothing behind it has nothing left to revoke`(status: Int) throws {
        let house = try disconnected(
            ["method": "DELETE", "in": "json", "tokens": ["access_token"]]
        ) { _ in FakeAnswer(status) }
        #expect(try house.keeper.revocations.list().isEmpty)
    }

    @Test(arguments: ["token_revoked", "invalid_auth"])
    func `a success that says no is read: the token is gone`(code: String) throws {
        let house = try disconnected(["in": "header", "tokens": ["access_token"]]) { _ in
            .json(["ok": false, "error": .string(code)])
        }
        #expect(try house.keeper.revocations.list().isEmpty)
    }

    @Test func `a success that says no for another reason is none`() throws {
        let house = try disconnected(["in": "header", "tokens": ["access_token"]]) { _ in
            .json(["ok": false, "error": "internal_error"])
        }
        #expect(try house.keeper.revocations.list().count == 1)
    }

    @Test func `an expired token that was its own proof is not the end of the grant`() throws {
        let house = try disconnected(["in": "header", "tokens": ["access_token"]]) { _ in
            FakeAnswer(401)
        }
        #expect(
            try house.keeper.revocations.list().first?.lastError?.contains("invalid_token") == true)
    }

    @Test func `a definite refusal stays visible, and is tried again rarely`() throws {
        let house = try disconnected(.null) { _ in .refusal("invalid_client", status: 401) }
        let waiting = try #require(try house.keeper.revocations.list().first)
        #expect(waiting.integration == "drive")
        #expect(waiting.userID == "alice")
        #expect(waiting.attempts == 1)
        #expect(waiting.lastError?.contains("invalid_client") == true)
        #expect(waiting.nextAttemptAt - house.clock.now > 3600)
        house.clock.advance(by: 600)
        try house.keeper.background.round()
        #expect(revocations(house).count == 1)
        house.network.answer("https://provider.test/revoke") { _ in FakeAnswer(200) }
        #expect(try house.keeper.revocations.retry(waiting.id) == 1)
        try house.keeper.background.round()
        #expect(try house.keeper.revocations.list().isEmpty)
    }

    @Test func `an outage is tried again soon`() throws {
        let house = try disconnected(.null) { _ in FakeAnswer(503) }
        house.clock.advance(by: 31)
        try house.keeper.background.round()
        #expect(revocations(house).count == 2)
    }

    @Test func `the shape is that of the time when the connection ended`() throws {
        let house = try disconnected(
            [
                "in": "json", "name": "old", "tokens": ["access_token"], "authentication": "none",
            ]
        ) { _ in FakeAnswer(503) }
        _ = try house.keeper.integrations.replace(
            "drive", with: TestKeeper.drive([("revocation", ["in": "query"])]), confirmed: true)
        house.clock.advance(by: 31)
        try house.keeper.background.round()
        #expect(revocations(house).last?.text == #"{"old":"access-1"}"#)
    }

    @Test(
        arguments: [
            (["in": "somewhere"], "in 'revocation': 'in' must be one of"),
            (["tokens": ["id_token"]], "'tokens' must be a list of"),
            (["method": "PATCH"], "'method' must be one of"),
            (["headers": ["A b": "c"]], "not well-formed"),
            (["headers": ["X-A": "{password}"]], "{password}"),
            (["unknown": "x"], "'unknown' is not a field"),
            (["in": "url"], "{token}"),
        ] as [(JSONValue, String)])
    func `a wrong description is refused by name`(revocation: JSONValue, problem: String) throws {
        let house = try TestKeeper()
        let error = #expect(throws: InputError.self) {
            try house.addDrive([("revocation", revocation)])
        }
        guard case .invalid(_, let detail)? = error else { return }
        #expect(detail.contains(problem))
    }

    @Test(arguments: ["https://{token}.test/revoke", "https://provider.test/{clientSecret}"])
    func `no placeholder decides who is asked, and no secret is part of a URL`(uri: String) throws {
        let house = try TestKeeper()
        #expect(throws: InputError.self) {
            try house.addDrive([("revocationUri", .string(uri))])
        }
    }
}
