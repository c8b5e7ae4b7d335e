import Encoding
import TestSupport
import Testing

/// Refresh tokens that are asked for.
struct OfflineAccessTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
    }

    private func publish(scopes: [String], authorize: String = "https://id.test/authorize") {
        let metadata: JSONValue = [
            "issuer": "https://id.test", "authorization_endpoint": .string(authorize),
            "token_endpoint": "https://id.test/token",
            "scopes_supported": .array(scopes.map { .string($0) }),
        ]
        house.network.answer("https://id.test/.well-known") { _ in .json(metadata) }
    }

    private func parameters(
        _ changes: [(String, JSONValue)] = []
    ) throws -> [String: String] {
        let fields: [(String, JSONValue)] = [("issuer", "https://id.test"), ("clientId", "client")]
        let definition = try house.keeper.integrations.add(.object(fields + changes)).definition
        return Dictionary(
            uniqueKeysWithValues: definition.authorizationParameters.map { ($0.name, $0.value) })
    }

    @Test func `OpenID Connect Core §11: where the metadata has us ask, consent is asked for`()
        throws
    {
        publish(scopes: ["openid", "offline_access"])
        #expect(try parameters() == ["prompt": "consent"])
        let step = try house.keeper.startConnect(
            "id.test", for: TestKeeper.user("alice"), browserID: "b", returnTo: nil, isPopup: false)
        guard case .provider(let url) = step else {
            Issue.record("no provider")
            return
        }
        #expect(url.contains("scope=openid%20offline_access"))
        #expect(url.contains("prompt=consent"))
    }

    @Test func `what the operator adds beside stays`() throws {
        publish(scopes: ["openid", "offline_access"])
        #expect(
            try parameters([("authorizationParameters", ["display": "page"])])
                == ["display": "page", "prompt": "consent"])
    }

    @Test(
        arguments: [
            ([("authorizationParameters", ["prompt": "login"])], ["prompt": "login"]),
            ([("authorizationParameters", .null)], [:]),
            ([("scope", "openid offline_access")], [:]), ([("scope", .null)], [:]),
            ([("authUri", "https://id.test/authorize?prompt=login")], [:]),
        ] as [([(String, JSONValue)], [String: String])])
    func `what the operator says otherwise counts`(
        changes: [(String, JSONValue)], expected: [String: String]
    ) throws {
        publish(scopes: ["openid", "offline_access"])
        #expect(try parameters(changes) == expected)
    }

    @Test func `where offline access is not asked for, no consent is demanded`() throws {
        publish(scopes: ["openid", "email"])
        #expect(try parameters().isEmpty)
    }

    @Test(
        arguments: [
            [("scope", "files offline_access")], [("scope", "offline")],
            [("scope", "tweet.read offline.access")],
            [("authorizationParameters", ["access_type": "offline"])],
            [("authUri", "https://provider.test/authorize?duration=permanent")],
        ] as [[(String, JSONValue)]])
    func `a refresh token that was asked for and did not come is told`(
        changes: [(String, JSONValue)]
    ) throws {
        try house.addDrive(changes)
        #expect(try !house.connect().lacksRefreshToken)
        house.network.answer("https://provider.test/token") { _ in
            .json(["access_token": "a", "token_type": "Bearer", "expires_in": 60])
        }
        #expect(try house.connect().lacksRefreshToken)
    }

    @Test(
        arguments: [
            [], [("authorizationParameters", ["access_type": "online"])],
            [("scope", "offline_access"), ("refresh", ["rotation": "none"])],
            [("scope", "offline_access"), ("refresh", ["with": "access_token"])],
        ] as [[(String, JSONValue)]])
    func `one that was not asked for is not missed`(changes: [(String, JSONValue)]) throws {
        try house.addDrive(changes)
        house.network.answer("https://provider.test/token") { _ in
            .json(["access_token": "a", "token_type": "Bearer", "expires_in": 60])
        }
        #expect(try !house.connect().lacksRefreshToken)
    }
}
