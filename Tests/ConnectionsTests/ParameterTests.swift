import Encoding
import TestSupport
import Testing

/// Parameters that an integration adds to the protocol's, or calls by another name.
struct ParameterTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
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
    func `a parameter of the protocol is given by the protocol alone`(
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

    /// A field, what it is set to, and the name that the answer has.
    @Test(
        arguments: [
            ("authUri", "https://p.test/a?response_type=code&client_id=abc", "client_id"),
            ("authUri", "https://p.test/a?client%5Fid=abc", "client_id"),
            ("authUri", "https://p.test/a?%73tate", "state"),
            ("authUri", "https://p.test/a?scope=files", "scope"),
            ("authUri", "https://p.test/a?prompt=a&prompt=b", "prompt"),
            ("authUri", "https://p.test/a?response_mode=form_post", "response_mode"),
            ("authUri", "https://p.test/a?prompt=%zz", "malformed"),
            ("tokenUri", "https://p.test/t?grant_type=account_credentials", "grant_type"),
            ("tokenUri", "https://p.test/t?client_secret=canary", "client_secret"),
            ("tokenUri", "https://p.test/t?refresh_token=x", "refresh_token"),
            ("tokenUri", "https://p.test/t?co%64e=x", "code"),
            ("revocationUri", "https://p.test/r?token=x", "token"),
            ("revocationUri", "https://p.test/r?token_type_hint=x", "token_type_hint"),
            ("revocationUri", "https://p.test/r?client_id=x", "client_id"),
        ])
    func `a query that has what Grantkeeper sends is refused by field and name`(
        field: String, url: String, name: String
    ) {
        let problem = problem([(field, .string(url))]) ?? ""
        #expect(problem.contains("'\(field)'"), "\(problem)")
        #expect(problem.contains(name), "\(problem)")
        #expect(!problem.contains("canary"), "\(problem)")
    }

    @Test(
        arguments: [
            [("authUri", "https://p.test/a?prompt=login&tenant=x")],
            [
                ("authUri", "https://p.test/a?prompt=login"),
                ("authorizationParameters", ["prompt": "consent", "response_mode": "query"]),
            ],
            [("authUri", "https://p.test/a?resource=x&resource=y")],
            [("tokenUri", "https://p.test/token?p=policy&api-version=2")],
            [("clientAuthentication", "basic"), ("revocationUri", "https://p.test/r?client_id=x")],
        ] as [[(String, JSONValue)]])
    func `a query that has what only the provider knows is let through`(
        changes: [(String, JSONValue)]
    ) {
        #expect(problem(changes) == nil)
    }

    @Test func `'scopeParameter' and 'refresh' name what their queries cannot have`() {
        #expect(
            problem([
                ("scopeParameter", "user_scope"), ("authUri", "https://p.test/a?user_scope=x"),
            ])?.contains("'user_scope'") == true)
        #expect(
            problem([
                ("refresh", ["uri": "https://p.test/t?t=1", "parameter": "t"])
            ])?.contains("in the query of 'refresh.uri': 't'") == true)
        #expect(
            problem([
                ("revocation", ["parameters": ["token": "x"]])
            ])?.contains("in 'revocation.parameters': 'token'") == true)
        #expect(
            problem([
                ("authorizationParameters", ["response_mode": "form_post"])
            ])?.contains("'response_mode'") == true)
    }

    @Test func `a token request has each parameter once, in URL and body together`() throws {
        try house.addDrive([
            ("tokenUri", "https://provider.test/x/token?audience=a&p=1"),
            ("tokenParameters", ["audience": "b", "resource": "c"]),
            ("refresh", ["parameters": ["audience": "d"]]),
        ])
        house.network.answer("https://provider.test/x/token") { _ in
            .json([
                "access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expires_in": 60,
            ])
        }
        try house.connect()
        house.clock.advance(by: 61)
        try house.call()
        let sent = house.network.sent(to: "https://provider.test/x/token")
        #expect(sent.map(\.url) == Array(repeating: "https://provider.test/x/token?p=1", count: 2))
        #expect(sent.map { $0.form.all("audience") } == [["b"], ["d"]])
        #expect(sent.map { $0.form.all("resource") } == [["c"], ["c"]])
    }

    /// As a version before this one took it.
    @Test func `an integration from before, with a query that is refused now, works on`() throws {
        try house.addDrive()
        try house.database().write {
            try $0.execute(
                """
                UPDATE integration SET revision = revision + 1, definition = replace(definition,
                    'https://provider.test/authorize',
                    'https://provider.test/authorize?response_type=code&client_id=old&prompt=login')
                """)
        }
        let step = try house.keeper.startConnect(
            "drive", for: TestKeeper.user("alice"), browserID: "b", returnTo: nil, isPopup: false)
        guard case .provider(let url) = step else {
            Issue.record("no provider")
            return
        }
        let fields = Form(encoded: url.drop { $0 != "?" }.dropFirst())?.fields.map(\.name) ?? []
        #expect(Set(fields).count == fields.count)
        #expect(url.contains("prompt=login"))
        #expect(!url.contains("client_id=old"))
    }
}
