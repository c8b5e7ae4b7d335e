import Connections
import Encoding
import Primitives
import TestSupport
import Testing

struct ConnectionDataTests {
    private let house: TestKeeper
    private static let shop: JSONValue = [
        "from": "user", "pattern": "[a-z0-9.-]+", "choosesHost": true,
    ]

    init() throws {
        house = try TestKeeper()
    }

    private func addShop(_ changes: [(String, JSONValue)] = []) throws {
        let usual: [(String, JSONValue)] = [
            ("slug", "shop"), ("authType", "apikey"),
            ("apiBaseUri", "https://{shop}.shops.test/admin/{tenant}"),
            ("headers", ["X-Tenant": "t={tenant}"]),
            (
                "connectionData",
                ["shop": Self.shop, "tenant": ["pattern": "[A-Za-z0-9._%/@-]+"]]
            ),
        ]
        let changed = Set(changes.map(\.0))
        _ = try house.keeper.integrations.add(
            .object(usual.filter { !changed.contains($0.0) } + changes))
    }

    private func connect(_ shop: String, _ tenant: String = "t1") throws -> Connection {
        try house.connect(
            to: "shop",
            with: ["apiKey": "k", "data": ["shop": .string(shop), "tenant": .string(tenant)]])
    }

    @Test func `what a user gives fills host, path and header`() throws {
        try addShop()
        let connection = try connect("acme", "eu-1")
        #expect(connection.data == #"{"shop":"acme","tenant":"eu-1"}"#)
        try house.call("/orders?x=1", slug: "shop")
        let sent = try #require(house.network.sent(to: "https://").last)
        #expect(sent.url == "https://acme.shops.test/admin/eu-1/orders?x=1")
        #expect(sent.headers[try #require(.init("X-Tenant"))] == "t=eu-1")
        let integration = try house.keeper.integrations.find("shop", for: .system)
        #expect(
            integration.apiBaseUri(for: connection) == "https://acme.shops.test/admin/eu-1")
    }

    @Test(arguments: [
        "evil.test/", "a@b", "a:80", "a/../b", "a%2fb", "A", "a b", "a\r\nX: y", "", "ü",
        String(repeating: "a", count: 256), "a#", "a?b", "a\\b",
    ])
    func `a value that does not match its pattern is refused`(value: String) throws {
        try addShop()
        #expect(throws: InputError.self) { try connect(value) }
        #expect(house.network.sent().isEmpty)
    }

    @Test(arguments: [
        ("..", "t"), (".a", "t"), ("a..b", "t"), ("a", ".."), ("a", "x/y"), ("a", "x%2fy"),
    ])
    func `a value that matches a careless pattern still cannot leave its place`(
        shop: String, tenant: String
    ) throws {
        try addShop()
        _ = try connect(shop, tenant)
        do {
            try house.call(slug: "shop")
            Issue.record("the call went through")
        } catch InputError.conflict(let code, _) {
            #expect(code == .connectionDataMissing)
        }
        #expect(house.network.sent().isEmpty)
    }

    @Test func `everything that is wrong in the data is named`() throws {
        try addShop()
        do {
            _ = try house.connect(
                to: "shop", with: ["apiKey": "k", "data": ["shop": "A", "colour": "red"]])
            Issue.record("it was accepted")
        } catch InputError.invalid(let code, let detail) {
            #expect(code == .invalidConnectionData)
            for name in ["shop", "colour", "tenant"] { #expect(detail.contains("'\(name)'")) }
        }
    }

    @Test func `the provider's answer may say where the API is`() throws {
        try house.addDrive([
            ("apiBaseUri", "{instanceUrl}/services"),
            (
                "connectionData",
                [
                    "instanceUrl": [
                        "from": "token", "name": "instance.url",
                        "pattern": "https://[a-z0-9-]+[.]force[.]test",
                    ]
                ]
            ),
        ])
        house.network.answer("https://provider.test/token") { _ in
            .json([
                "access_token": "a", "token_type": "Bearer",
                "instance": ["url": "https://na-7.force.test"],
            ])
        }
        try house.connect()
        try house.call("/data")
        #expect(house.network.sent().last?.url == "https://na-7.force.test/services/data")
        try house.call("https://na-7.force.test/services/x")
        #expect(throws: InputError.self) {
            try house.call("https://na-8.force.test/services/x")
        }
    }

    @Test func `an answer that names another host connects no user, and is revoked`() throws {
        try house.addDrive([
            ("apiBaseUri", "{url}"),
            (
                "connectionData",
                ["url": ["from": "token", "pattern": "https://[a-z]+[.]force[.]test"]]
            ),
        ])
        house.network.answer("https://provider.test/token") { _ in
            .json(["access_token": "a", "refresh_token": "r", "url": "https://evil.test"])
        }
        #expect(throws: ConnectionsError.self) { try house.connect() }
        #expect(try house.keeper.revocations.list().count == 1)
    }

    @Test(
        arguments: [
            [("apiBaseUri", "https://{unknown}.test")],
            [("apiBaseUri", "https://x.test:{shop}/")],
            [("apiBaseUri", "http{shop}://x.test/")],
            [("apiBaseUri", "https://{shop}@x.test/")],
            [("apiBaseUri", "https://x.test/?{shop}")],
            [("connectionData", ["shop": ["pattern": "["]])],
            [("connectionData", ["shop": ["from": "user"]])],
            [("connectionData", ["a b": ["pattern": "x"]])],
            [("headers", ["X-A": "{nothing}"])],
        ] as [[(String, JSONValue)]])
    func `a definition whose placeholders cannot work is refused`(
        changes: [(String, JSONValue)]
    ) throws {
        #expect(throws: InputError.self) { try addShop(changes) }
    }

    @Test func `another pattern for a host moves tokens, another path does not`() throws {
        try addShop()
        _ = try connect("acme")
        func definition(_ base: String, _ pattern: String) -> JSONValue {
            [
                "slug": "shop", "authType": "apikey", "apiBaseUri": .string(base),
                "connectionData": [
                    "shop": ["pattern": .string(pattern), "choosesHost": true],
                    "tenant": ["pattern": "[A-Za-z0-9._%/@-]+"],
                ],
            ]
        }
        let integrations = house.keeper.integrations
        _ = try integrations.replace(
            "shop", with: definition("https://{shop}.shops.test/v2", "[a-z0-9.-]+"),
            confirmed: false)
        #expect(throws: InputError.self) {
            try integrations.replace(
                "shop", with: definition("https://{shop}.shops.test/v2", ".*"), confirmed: false)
        }
        #expect(throws: InputError.self) {
            try integrations.replace(
                "shop", with: definition("https://{shop}.evil.test/v2", "[a-z0-9.-]+"),
                confirmed: false)
        }
    }

    /// An integration that keeps a value from each place.
    private func addKeeping() throws {
        try house.addDrive([
            ("lookup", ["uri": "https://api.test/me"]),
            (
                "connectionData",
                [
                    "tenant": ["optional": true], "realm": ["from": "callback", "optional": true],
                    "team": ["from": "token", "optional": true],
                    "login": ["from": "lookup", "optional": true],
                ]
            ),
        ])
        house.network.answer("https://api.test/me") { _ in .json([:]) }
    }

    @Test(arguments: ["realm", "team", "login"])
    func `what only the provider says is given by no one before it is asked`(name: String) throws {
        try addKeeping()
        #expect(throws: InputError.self) {
            try house.keeper.startConnect(
                "drive", for: TestKeeper.user("alice"), browserID: "b", returnTo: nil,
                isPopup: false, given: [(name, "mine")])
        }
        _ = try house.keeper.startConnect(
            "drive", for: TestKeeper.user("alice"), browserID: "b", returnTo: nil, isPopup: false,
            given: [("tenant", "mine")])
    }

    @Test(
        arguments: [
            (["code": "c"], ["realm"]), (["refreshToken": "r"], ["realm", "team"]),
            (["accessToken": "a"], ["realm", "team"]),
        ] as [(JSONValue, [String])])
    func `a user who hands a credential over may say what the provider is not asked for`(
        credential: JSONValue, allowed: [String]
    ) throws {
        try addKeeping()
        for name in ["realm", "team", "login"] {
            let data: [(String, JSONValue)] = [(name, "mine")]
            let given = (credential.members ?? []).map { ($0.name, $0.value) }
            let connection = try? house.connect(
                name, with: .object(given + [("data", JSONValue.object(data))]))
            #expect((connection != nil) == allowed.contains(name), "\(name)")
            if let connection { #expect(connection.data == #"{"\#(name)":"mine"}"#) }
        }
    }

    @Test func `what the provider says counts for more than what was handed over`() throws {
        try addKeeping()
        house.network.answer("https://provider.test/token") { _ in
            .json(["access_token": "a", "token_type": "Bearer", "team": "theirs"])
        }
        let connection = try house.connect(with: ["refreshToken": "r", "data": ["team": "mine"]])
        #expect(connection.data == #"{"team":"theirs"}"#)
    }

    private func values(_ count: Int) -> JSONValue {
        .object((1...count).map { ("x\($0)", .string("a")) })
    }

    @Test func `more values than any integration keeps are refused at once`() throws {
        try addShop()
        let problem = house.problem {
            try house.connect(to: "shop", with: ["apiKey": "k", "data": values(70_000)])
        }
        #expect(problem == "In 'data': there are more than 100 values.")
    }

    @Test func `of many mistakes a few are named`() throws {
        try addShop()
        let data = house.problem {
            try house.connect(to: "shop", with: ["apiKey": "k", "data": values(98)])
        }
        #expect(data?.contains("'x1' is not a value that the integration keeps; ") == true)
        #expect(data?.hasSuffix("; and 92 more.") == true)
        let fields = house.problem { try house.connect(to: "shop", with: values(70_000)) }
        #expect(fields?.hasSuffix("'x8', and 69992 more.") == true)
        #expect((fields?.count ?? 0) < 200)
    }

    @Test func `data that are null are none`() throws {
        try house.addNews()
        let connection = try house.connect(to: "news", with: ["apiKey": "k", "data": .null])
        #expect(connection.data == "{}")
    }

    @Test func `a credential that is too long is told the limit`() throws {
        try house.addNews()
        let key = String(repeating: "k", count: 16_385)
        let problem = house.problem {
            try house.connect(to: "news", with: ["apiKey": .string(key)])
        }
        #expect(problem == "'apiKey' must not be longer than 16384 bytes.")
    }
}
