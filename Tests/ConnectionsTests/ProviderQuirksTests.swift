import Connections
import Crypto
import Encoding
import Foundation
import Primitives
import TestSupport
import Testing

/// What providers do beyond the standard, as an integration's fields say it.
struct ProviderQuirksTests {
    private let house: TestKeeper
    private let alice = TestKeeper.user("alice")

    init() throws {
        house = try TestKeeper()
    }

    private func connected(_ slug: String = "drive") throws -> Connection {
        try house.keeper.connections.find(slug, for: alice).connection
    }

    private func tokenRequests(_ prefix: String = "https://provider.test/token") -> [SentRequest] {
        house.network.sent(to: prefix)
    }

    /// Begins a flow and brings the provider's answer back.
    private func flow(
        _ slug: String = "drive", given: [(name: String, value: String)] = [],
        bringing more: [(String, String)] = []
    ) throws -> ConnectOutcome {
        let step = try house.keeper.startConnect(
            slug, for: alice, browserID: "browser", returnTo: nil, isPopup: false, given: given)
        guard case .provider(let url) = step else { throw Unexpected() }
        let query = try #require(Form(encoded: String(url.split(separator: "?")[1])))
        var fields = Form()
        fields.append("code", "c")
        fields.append("state", try #require(query["state"]))
        for (name, value) in more { fields.append(name, value) }
        return house.keeper.finishConnect(
            fields, slug: nil, browserID: "browser", signedIn: alice)
    }

    private struct Unexpected: Error {}

    private func failure(_ outcome: ConnectOutcome) -> ConnectFailure? {
        if case .failed(let failure) = outcome.result { failure } else { nil }
    }

    // MARK: The way into the provider

    @Test func `scopes go as the provider wants them, and resources beside (RFC 8707)`() throws {
        try house.addDrive([
            ("scope", "a b"), ("scopeSeparator", ","), ("scopeParameter", "user_scope"),
            ("resource", ["https://one.test", "https://two.test"]), ("pkce", false),
        ])
        guard
            case .provider(let url) = try house.keeper.startConnect(
                "drive", for: alice, browserID: "b", returnTo: nil, isPopup: false)
        else { throw Unexpected() }
        let query = try #require(Form(encoded: String(url.split(separator: "?")[1])))
        #expect(query["user_scope"] == "a,b")
        #expect(query["scope"] == nil)
        #expect(query.all("resource") == ["https://one.test", "https://two.test"])
        #expect(query["code_challenge"] == nil)
        #expect(failure(try flow()) == nil)
        #expect(tokenRequests().last?.form["code_verifier"] == nil)
        #expect(tokenRequests().last?.form.all("resource").count == 2)
    }

    @Test func `a tenant is asked for before the browser leaves, and fills every URL`() throws {
        try house.addDrive([
            ("authUri", "https://{shop}.provider.test/authorize"),
            ("tokenUri", "https://{shop}.provider.test/token"),
            ("revocationUri", "https://{shop}.provider.test/revoke"),
            ("apiBaseUri", "https://{shop}.api.test"),
            ("connectionData", ["shop": ["pattern": "[a-z]+", "title": "Shop"]]),
        ])
        guard
            case .form = try house.keeper.startConnect(
                "drive", for: alice, browserID: "b", returnTo: nil, isPopup: false)
        else { throw Unexpected() }
        #expect(failure(try flow(given: [("shop", "acme")])) == nil)
        #expect(tokenRequests("https://acme.provider.test/token").count == 1)
        try house.call()
        #expect(house.network.sent(to: "https://acme.api.test/files").count == 1)
        house.clock.advance(by: 3_600)
        try house.call()
        #expect(tokenRequests("https://acme.provider.test/token").count == 2)
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(house.network.sent(to: "https://acme.provider.test/revoke").count == 2)
    }

    @Test(arguments: ["evil.test/", "a.b", "A", "a@b", "a:1"])
    func `a tenant that does not fit goes nowhere (SECURITY 27)`(shop: String) throws {
        try house.addDrive([
            ("authUri", "https://{shop}.provider.test/authorize"),
            ("connectionData", ["shop": ["pattern": "[a-z]+"]]),
        ])
        #expect(throws: InputError.self) {
            try house.keeper.startConnect(
                "drive", for: alice, browserID: "b", returnTo: nil, isPopup: false,
                given: [("shop", shop)])
        }
    }

    @Test func `what an operator gives is the same for all, and cannot be given by a user`() throws
    {
        let integration = try house.addDrive([
            ("tokenUri", "https://{host}/token"), ("data", ["host": "git.example.test"]),
            ("connectionData", ["host": ["from": "operator", "pattern": "[a-z.]+"]]),
            ("headers", ["Client-Id": "{clientId}"]),
        ])
        #expect(integration.definition.tokenUri == "https://git.example.test/token")
        #expect(throws: InputError.self) { try flow(given: [("host", "evil.test")]) }
        #expect(failure(try flow()) == nil)
        #expect(try connected().data == #"{"host":"git.example.test"}"#)
        try house.call()
        let call = try #require(house.network.sent(to: "https://api.test").last)
        #expect(call.headers[try #require(.init("Client-Id"))] == "client")
    }

    @Test(
        arguments: [
            (["host": "a/b"], "not a URL with the values of 'data'"), (["host": ""], "'host'"),
            (["other": "a"], "'other'"), ([:], "'host'"),
        ] as [(JSONValue, String)])
    func `a value that an operator gives is checked by its pattern`(data: JSONValue, named: String)
        throws
    {
        do {
            try house.addDrive([
                ("tokenUri", "https://{host}/token"), ("data", data),
                ("connectionData", ["host": ["from": "operator", "pattern": "[a-z./]*"]]),
            ])
            Issue.record("accepted")
        } catch InputError.invalid(_, let detail) {
            #expect(detail.contains(named))
        }
    }

    // MARK: The callback

    @Test func `a value of the callback is kept, and decides where the code goes`() throws {
        try house.addDrive([
            ("tokenUri", "{accounts}/token"),
            (
                "connectionData",
                [
                    "accounts": [
                        "from": "callback", "name": "accounts-server",
                        "pattern": "https://accounts[.]provider[.](test|eu)",
                    ],
                    "realm": ["from": "callback", "name": "realmId", "pattern": "[0-9]+"],
                ]
            ),
        ])
        let outcome = try flow(bringing: [
            ("accounts-server", "https://accounts.provider.eu"), ("realmId", "42"),
        ])
        #expect(failure(outcome) == nil)
        #expect(tokenRequests("https://accounts.provider.eu/token").count == 1)
        #expect(try connected().data.contains(#""realm":"42""#))
    }

    @Test(arguments: [
        [("accounts-server", "https://accounts.evil.test")], [],
        [("accounts-server", "https://accounts.provider.test"), ("accounts-server", "x")],
    ])
    func `a callback that lacks it, or names another host, gets no code (SECURITY 27)`(
        more: [(String, String)]
    ) throws {
        try house.addDrive([
            ("tokenUri", "{accounts}/token"),
            (
                "connectionData",
                [
                    "accounts": [
                        "from": "callback", "name": "accounts-server",
                        "pattern": "https://accounts[.]provider[.]test",
                    ]
                ]
            ),
        ])
        #expect(failure(try flow(bringing: more)) == .answerIncomplete)
        #expect(house.network.sent().isEmpty)
    }

    @Test(arguments: [true, false])
    func `a flow ends with a verifier where it began with a challenge`(isSent: Bool) throws {
        try house.addDrive([("pkce", .bool(isSent))])
        let step = try house.keeper.startConnect(
            "drive", for: alice, browserID: "b", returnTo: nil, isPopup: false)
        guard case .provider(let url) = step else { throw Unexpected() }
        let query = try #require(Form(encoded: String(url.split(separator: "?")[1])))
        #expect((query["code_challenge"] != nil) == isSent)
        _ = try house.keeper.integrations.replace(
            "drive", with: TestKeeper.drive([("pkce", .bool(!isSent))]), confirmed: true)
        var fields = Form()
        fields.append("code", "c")
        fields.append("state", try #require(query["state"]))
        let outcome = house.keeper.finishConnect(
            fields, slug: nil, browserID: "b", signedIn: alice)
        #expect(failure(outcome) == nil)
        #expect((tokenRequests().last?.form["code_verifier"] != nil) == isSent)
    }

    /// How a callback ends that brings other parameters than those that were signed.
    private func end(
        bringing brought: [(String, String)] = [], signing signed: [(String, String)] = [],
        with secret: String
    ) throws -> ConnectFailure? {
        guard
            case .provider(let url) = try house.keeper.startConnect(
                "drive", for: alice, browserID: "b", returnTo: nil, isPopup: false)
        else { throw Unexpected() }
        let query = try #require(Form(encoded: String(url.split(separator: "?")[1])))
        let usual = [("code", "c"), ("state", try #require(query["state"]))]
        let message = (usual + signed).sorted { $0.0 < $1.0 }.map { "\($0.0)=\($0.1)" }
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(message.joined(separator: "&").utf8),
            using: SymmetricKey(data: Data(secret.utf8)))
        var fields = Form()
        for (name, value) in usual + brought { fields.append(name, value) }
        fields.append("hmac", code.map { String(format: "%02x", $0) }.joined())
        return failure(
            house.keeper.finishConnect(fields, slug: nil, browserID: "b", signedIn: alice))
    }

    @Test(arguments: ["", nil])
    func `nothing is signed with a secret that is missing`(secret: String?) throws {
        try house.addDrive([
            ("callbackSignature", ["parameter": "hmac"]),
            ("clientSecret", .string(orNull: secret)), ("clientAuthentication", "none"),
        ])
        #expect(try end(with: "") == .malformed)
        #expect(tokenRequests().isEmpty)
    }

    @Test func `a signed callback is believed only as it was signed`() throws {
        try house.addDrive([
            ("callbackSignature", ["parameter": "hmac"]),
            ("connectionData", ["shop": ["from": "callback", "pattern": "[a-z]+"]]),
        ])
        let (acme, secret) = ([("shop", "acme")], "client-secret-canary")
        #expect(
            try end(bringing: [("shop", "evil")], signing: acme, with: secret) == .malformed)
        #expect(tokenRequests().isEmpty)
        #expect(try end(bringing: acme, signing: acme, with: secret) == nil)
    }

    @Test(arguments: [
        ("redirect_uri_mismatch", ConnectFailure.redirectURIRefused),
        ("bad_redirect_uri", .redirectURIRefused), ("invalid_client", .clientRefused),
        ("bad_client_secret", .clientRefused), ("invalid_scope", .scopeRefused),
        ("unauthorized_client", .clientRefused), ("invalid_grant", .exchangeRefused),
    ])
    func `a refusal is told in its own words`(code: String, expected: ConnectFailure) throws {
        try house.addDrive()
        house.network.answer("https://provider.test/token") { _ in
            .json(["error": .string(code)], status: 400)
        }
        #expect(failure(try flow()) == expected)
    }

    // MARK: Token responses

    @Test func `tokens may stand deeper, with an end instead of a lifetime`() throws {
        try house.addDrive([
            ("tokenResponse", ["at": "authed_user", "failure": ["member": "ok", "is": false]])
        ])
        house.network.answer("https://provider.test/token") { _ in
            .json([
                "ok": true,
                "authed_user": [
                    "access_token": "deep", "refresh_token": "r",
                    "expires_at": "2027-01-01T00:00:00Z",
                ],
            ])
        }
        #expect(failure(try flow()) == nil)
        #expect(try connected().tokenExpiresAt?.rfc3339 == "2027-01-01T00:00:00Z")
        try house.call()
        #expect(
            house.network.sent(to: "https://api.test").last?.headers[.authorization]
                == "Bearer deep")
    }

    /// The old refresh token has been used up by then: what came must not be thrown away.
    @Test func `tokens that stand flat are found beside the object without any`() throws {
        try house.addDrive([("tokenResponse", ["at": "authed_user"])])
        house.network.answer("https://provider.test/token") { _ in
            .json(["access_token": "flat", "refresh_token": "r", "authed_user": ["id": "U1"]])
        }
        #expect(failure(try flow()) == nil)
        try house.call()
        #expect(
            house.network.sent(to: "https://api.test").last?.headers[.authorization]
                == "Bearer flat")
    }

    @Test func `an error that comes with status 200 is an error`() throws {
        try house.addDrive([("tokenResponse", ["failure": ["member": "ok", "is": "false"]])])
        house.network.answer("https://provider.test/token") { _ in
            .json(["ok": false, "error": "invalid_client_id"])
        }
        #expect(failure(try flow()) == .clientRefused)
    }

    @Test func `a lifetime is assumed where nothing says it`() throws {
        try house.addDrive([("tokenResponse", ["lifetime": 7_200])])
        house.network.issueTokens(lifetime: nil)
        try house.connect()
        #expect(try connected().tokenExpiresAt == house.clock.clock.now + 7_200)
    }

    @Test(arguments: [nil, 7_200])
    func `an end that is not ahead is none: its clock, or ours, is wrong`(lifetime: Int?) throws {
        try house.addDrive([
            ("tokenResponse", lifetime.map { ["lifetime": .integer($0)] } ?? .null)
        ])
        for behind in [-7_200, -1, 0] as [Int64] {
            let end = house.clock.now + behind
            house.network.answer("https://provider.test/token") { _ in
                .json(["access_token": "a", "expires_at": .integer(Int(end.seconds))])
            }
            try house.connect()
            #expect(
                try connected().tokenExpiresAt
                    == lifetime.map { house.clock.now + Int64($0) })
            #expect(try house.call().status == 200)
        }
        #expect(tokenRequests().count == 3)
    }

    @Test func `an end that is not ahead does not have a token refreshed with each call`() throws {
        try house.addDrive()
        let start = house.clock.now
        house.network.answer("https://provider.test/token") { _ in
            .json([
                "access_token": "a", "refresh_token": "r",
                "expires_at": .integer(Int(start.seconds)),
            ])
        }
        try house.connect()
        for _ in 0..<3 { try house.call() }
        #expect(tokenRequests().count == 1)
    }

    // MARK: Refreshing

    /// The refresh rules of a provider whose access tokens refresh themselves.
    private static let selfRenewing: (String, JSONValue) = (
        "refresh",
        [
            "with": "access_token", "grantType": "fb_exchange_token",
            "parameter": "fb_exchange_token",
        ]
    )

    @Test(arguments: [86_400, nil])
    func `an access token that was handed over refreshes itself, too`(expiresIn: Int?) throws {
        try house.addDrive([Self.selfRenewing])
        var given: [(String, JSONValue)] = [("accessToken", "given")]
        if let expiresIn { given.append(("expiresIn", .integer(expiresIn))) }
        try house.connect(with: .object(given))
        house.clock.advance(by: expiresIn == nil ? 7 * 86_400 : 86_400 - 30)
        if expiresIn == nil { try house.keeper.background.round() }
        try house.call()
        #expect(tokenRequests().map { $0.form["fb_exchange_token"] } == ["given"])
    }

    @Test func `a token that can't be refreshed yet because data is missing still works`() throws {
        try house.addDrive()
        try house.connect()
        _ = try house.keeper.integrations.replace(
            "drive",
            with: TestKeeper.drive([
                ("refresh", ["uri": "https://provider.test/{tenant}/token"]),
                ("connectionData", ["tenant": ["pattern": "[a-z]+"]]),
            ]), confirmed: true)
        try #require(try connected().status == .active)
        house.clock.advance(by: 3_600 - 30)
        #expect(try house.call().status == 200)
        house.clock.advance(by: 30)
        #expect(throws: InputError.self) { try house.call() }
    }

    @Test func `tokens are refreshed where, and with what, the provider wants`() throws {
        try house.addDrive([
            ("tokenFormat", "json"), ("tokenHeaders", ["X-Version": "2"]),
            (
                "refresh",
                ["uri": "https://provider.test/renew/token", "parameters": ["again": "yes"]]
            ),
        ])
        try house.connect()
        house.clock.advance(by: 3_600)
        try house.call()
        let sent = try #require(tokenRequests("https://provider.test/renew").last)
        let body = try JSONValue(parsing: sent.text)
        #expect(body["grant_type"] == "refresh_token")
        #expect(body["again"] == "yes")
        #expect(sent.headers[try #require(.init("X-Version"))] == "2")
    }

    @Test func `an access token that refreshes itself does so before its end, and not after`()
        throws
    {
        try house.addDrive([
            (
                "refresh",
                [
                    "with": "access_token", "grantType": "fb_exchange_token",
                    "parameter": "fb_exchange_token",
                ]
            )
        ])
        house.network.issueTokens(lifetime: 3_600, rotates: false)
        try house.connect()
        house.clock.advance(by: 3_570)
        try house.call()
        let sent = try #require(tokenRequests().last)
        #expect(sent.form["grant_type"] == "fb_exchange_token")
        #expect(sent.form["fb_exchange_token"] == "access-1")
        house.clock.advance(by: 3_700)
        #expect(throws: ConnectionsError.self) { try house.call() }
        #expect(tokenRequests().count == 2)
        #expect(try connected().statusReason == .expired)
    }

    @Test(
        arguments: [
            (["status": 401], 401, ["message": "no"]),
            (
                ["member": "status", "is": "BAD_REFRESH_TOKEN"], 400,
                ["status": "BAD_REFRESH_TOKEN"]
            ),
            (["member": "error.code", "is": 190], 400, ["error": ["code": 190]]),
        ] as [(JSONValue, Int, JSONValue)])
    func `a dead grant is noticed in the provider's own words`(
        sign: JSONValue, status: Int, body: JSONValue
    ) throws {
        try house.addDrive([("refresh", ["dead": .array([sign])])])
        try house.connect()
        house.network.answer("https://provider.test/token") { _ in .json(body, status: status) }
        house.clock.advance(by: 3_600)
        #expect(throws: ConnectionsError.self) { try house.call() }
        #expect(try connected().status == .reauthorizationRequired)
    }

    // MARK: Looking up

    private static let lookup: [(String, JSONValue)] = [
        ("lookup", ["uri": "https://api.test/sites", "prefix": "OAuth ", "headers": ["X-A": "b"]]),
        ("apiBaseUri", "https://api.test/{cloudId}"),
        (
            "connectionData",
            [
                "site": ["from": "user", "pattern": "https://[a-z.]+", "optional": true],
                "cloudId": ["from": "lookup", "name": "[url={site}][0].id", "pattern": "[0-9]+"],
                "title": ["from": "lookup", "name": "[0].name", "optional": true],
            ]
        ),
    ]

    private func answerSites(_ sites: JSONValue) {
        house.network.answer("https://api.test/sites") { _ in .json(sites) }
    }

    private static let twoSites: JSONValue = [
        ["id": 1, "url": "https://one.test", "name": "Eins & <Zwei>"],
        ["id": 2, "url": "https://two.test"],
    ]

    @Test func `what the API says after connecting is kept, and decides where calls go`() throws {
        try house.addDrive(Self.lookup)
        answerSites(Self.twoSites)
        #expect(failure(try flow()) == nil)
        let asked = try #require(house.network.sent(to: "https://api.test/sites").last)
        #expect(asked.headers[.authorization] == "OAuth access-1")
        #expect(asked.headers[try #require(.init("X-A"))] == "b")
        #expect(try connected().data == #"{"cloudId":"1","title":"Eins & <Zwei>"}"#)
        try house.call()
        #expect(house.network.sent(to: "https://api.test/1/files").count == 1)
    }

    @Test func `a user who connects may choose among several`() throws {
        try house.addDrive(Self.lookup)
        answerSites(Self.twoSites)
        #expect(failure(try flow(given: [("site", "https://two.test")])) == nil)
        #expect(try connected().data.contains(#""cloudId":"2""#))
    }

    @Test(arguments: [[], [["id": "../x"]], ["error": "no"]] as [JSONValue])
    func `without what has to be known nothing is stored, and the token is revoked`(
        answer: JSONValue
    ) throws {
        try house.addDrive(Self.lookup)
        answerSites(answer)
        #expect(failure(try flow()) == .answerIncomplete)
        #expect(throws: ConnectionsError.self) { try connected() }
        try house.keeper.background.round()
        #expect(
            house.network.sent(to: "https://provider.test/revoke").map { $0.form["token"] }
                == ["refresh-1", "access-1"])
    }

    // MARK: Revoking

    @Test func `an expired token that refreshes itself is not asked about again`()
        throws
    {
        try house.addDrive([
            Self.selfRenewing,
            ("revocation", ["method": "DELETE", "tokens": ["access_token"], "in": "header"]),
        ])
        house.network.issueTokens(lifetime: nil)
        try house.connect()
        house.network.answer("https://provider.test/revoke") { _ in
            .json(["error": ["code": 190]], status: 401)
        }
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(try house.keeper.revocations.list().isEmpty)
    }

    @Test func `an expired access token is refreshed to be revoked, once`() throws {
        try house.addDrive([("revocation", ["tokens": ["access_token"], "in": "header"])])
        try house.connect()
        house.clock.advance(by: 4_000)
        house.network.answer("https://provider.test/revoke") { _ in FakeAnswer(503) }
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        house.clock.advance(by: 60)
        try house.keeper.background.round()
        #expect(tokenRequests().count == 2)
        let revoked = house.network.sent(to: "https://provider.test/revoke")
        #expect(
            revoked.map { $0.headers[.authorization] } == ["Bearer access-2", "Bearer access-2"])
    }

    @Test func `a grant that has died meanwhile needs no revoking`() throws {
        try house.addDrive([("revocation", ["tokens": ["access_token"], "in": "header"])])
        try house.connect()
        house.clock.advance(by: 4_000)
        house.network.answer("https://provider.test/token") { _ in
            .json(["error": "invalid_grant"], status: 400)
        }
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(try house.keeper.revocations.list().isEmpty)
        #expect(house.network.sent(to: "https://provider.test/revoke").isEmpty)
    }
}
