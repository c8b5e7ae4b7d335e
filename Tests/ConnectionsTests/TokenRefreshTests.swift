import Connections
import Encoding
import HTTPClient
import Synchronization
import TestSupport
import Testing

struct TokenRefreshTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
    }

    private var refreshes: [SentRequest] {
        house.network.sent(to: "https://provider.test/token")
            .filter { $0.form["grant_type"] == "refresh_token" }
    }

    private var usedTokens: [String] {
        house.network.sent(to: "https://api.test").compactMap { $0.headers[.authorization] }
    }

    @Test func `a token that works is used as it is`() throws {
        try house.connect()
        house.clock.advance(by: 3000)
        #expect(try house.call().status == 200)
        #expect(refreshes.isEmpty)
        #expect(usedTokens == ["Bearer access-1"])
    }

    @Test func `an expired token is refreshed, on a connection of its own`() throws {
        try house.connect()
        house.clock.advance(by: 3600)
        try house.call()
        #expect(refreshes.map { $0.form["refresh_token"] } == ["refresh-1"])
        #expect(refreshes.allSatisfy { $0.connection == .fresh })
        #expect(usedTokens == ["Bearer access-2"])
    }

    @Test func `a token is refreshed a little before its end`() throws {
        try house.connect()
        house.clock.advance(by: 3600 - 60)
        try house.call()
        #expect(usedTokens == ["Bearer access-2"])
    }

    @Test func `a token that lives shorter than the margin is not refreshed with every call`()
        throws
    {
        house.network.issueTokens(lifetime: 30)
        try house.connect()
        for _ in 0..<5 { try house.call() }
        #expect(refreshes.isEmpty)
        house.clock.advance(by: 30)
        for _ in 0..<5 { try house.call() }
        #expect(refreshes.count == 1)
    }

    @Test func `50 threads that meet an expired token make one refresh`() throws {
        house.network.issueTokens(lifetime: 20)
        try house.connect()
        house.clock.advance(by: 3600)
        let house = house
        let statuses = Mutex<[Int]>([])
        onThreads(50) {
            let status = (try? house.call().status) ?? 0
            statuses.withLock { $0.append(status) }
        }
        #expect(statuses.withLock { $0 } == Array(repeating: 200, count: 50))
        #expect(refreshes.count == 1)
        #expect(Set(usedTokens) == ["Bearer access-2"])
    }

    @Test func `SECURITY 14: a refresh without a new refresh token keeps the old one`() throws {
        try house.connect()
        house.network.issueTokens(lifetime: 3600, rotates: false)
        for _ in 0..<2 {
            house.clock.advance(by: 3600)
            try house.call()
        }
        #expect(refreshes.map { $0.form["refresh_token"] } == ["refresh-1", "refresh-1"])
    }

    @Test func `a rotated refresh token replaces the old one`() throws {
        try house.connect()
        for _ in 0..<2 {
            house.clock.advance(by: 3600)
            try house.call()
        }
        #expect(refreshes.map { $0.form["refresh_token"] } == ["refresh-1", "refresh-2"])
    }

    @Test func `SECURITY 14: a token without a lifetime is refreshed when the API answers 401`()
        throws
    {
        house.network.issueTokens(lifetime: nil)
        try house.connect()
        house.clock.advance(by: 1_000_000)
        try house.call()
        #expect(refreshes.isEmpty)
        rejectTokens { $0 == "Bearer access-1" }
        #expect(try house.call().status == 200)
        #expect(refreshes.count == 1)
    }

    @Test func `50 threads whose token the API rejects make one refresh`() throws {
        try house.connect()
        rejectTokens { $0 == "Bearer access-1" }
        let house = house
        let statuses = Mutex<Set<Int>>([])
        onThreads(50) {
            let status = (try? house.call().status) ?? 0
            statuses.withLock { _ = $0.insert(status) }
        }
        #expect(statuses.withLock { $0 } == [200])
        #expect(refreshes.count == 1)
    }

    @Test func `a 401 after the forced refresh passes through`() throws {
        try house.connect()
        rejectTokens { _ in true }
        #expect(try house.call().status == 401)
        #expect(refreshes.count == 1)
        #expect(usedTokens == ["Bearer access-1", "Bearer access-2"])
    }

    @Test func `a 401 whose refresh is an outage passes through`() throws {
        try house.connect()
        rejectTokens { _ in true }
        house.network.answer("https://provider.test/token") { _ in FakeAnswer(503) }
        #expect(try house.call().status == 401)
    }

    @Test func `a 401 whose refresh shows that the grant is dead says so`() throws {
        try house.connect()
        rejectTokens { _ in true }
        house.network.answer("https://provider.test/token") { _ in .refusal("invalid_grant") }
        try expectReauthorizationRequired()
    }

    @Test func `invalid_grant ends the grant, keeps the row, and the provider is left alone`()
        throws
    {
        let connection = try house.connect()
        house.clock.advance(by: 3600)
        house.network.answer("https://provider.test/token") { _ in .refusal("invalid_grant") }
        for _ in 0..<3 { try expectReauthorizationRequired() }
        #expect(refreshes.count == 1)
        let now = try house.keeper.connections.find("drive", for: TestKeeper.user("alice"))
        #expect(now.connection.status == .reauthorizationRequired)
        #expect(now.connection.id == connection.id)
    }

    @Test(arguments: [
        FakeAnswer(503), FakeAnswer(200, body: "<html>"), .refusal("server_error"),
        .refusal("invalid_client", status: 401),
        .json(["access_token": "t", "token_type": "mac"]),
    ])
    func `an outage keeps the token, and the provider is left alone for a while`(
        answer: FakeAnswer
    ) throws {
        try house.connect()
        house.clock.advance(by: 3600)
        house.network.answer("https://provider.test/token") { _ in answer }
        #expect(throws: ConnectionsError.self) { try house.call() }
        #expect(throws: ConnectionsError.self) { try house.call() }
        #expect(refreshes.count == 1)
        house.clock.advance(by: 1)
        let network = house.network
        house.network.answer("https://provider.test/token") { network.usualAnswer($0) }
        #expect(try house.call().status == 200)
        #expect(refreshes.last?.form["refresh_token"] == "refresh-1")
    }

    @Test func `the pauses after an outage grow, to a minute at most`() throws {
        try house.connect()
        house.clock.advance(by: 3600)
        house.network.answer("https://provider.test/token") { _ in
            throw HTTPClientError.timedOut(.sent)
        }
        var pauses: [Int64] = []
        for _ in 0..<8 {
            #expect(throws: ConnectionsError.self) { try house.call() }
            do {
                try house.call()
            } catch ConnectionsError.providerCoolingDown(let pause) {
                pauses.append(pause)
                house.clock.advance(by: pause)
            }
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60])
    }

    @Test func `while the token still works, an outage does not matter`() throws {
        try house.connect()
        house.clock.advance(by: 3600 - 30)
        house.network.answer("https://provider.test/token") { _ in FakeAnswer(503) }
        #expect(try house.call().status == 200)
        #expect(usedTokens == ["Bearer access-1"])
    }

    @Test func `a token that nothing refreshes ends at its expiry`() throws {
        try house.connect(with: ["accessToken": "given", "expiresIn": 100])
        try house.call()
        house.clock.advance(by: 100)
        try expectReauthorizationRequired()
        #expect(refreshes.isEmpty)
    }

    @Test func `client credentials are asked for again`() throws {
        try house.addDrive([("slug", "robot"), ("grant", "client_credentials")])
        try house.connect(to: "robot", with: [:])
        house.clock.advance(by: 3600)
        #expect(try house.call(slug: "robot").status == 200)
        #expect(usedTokens == ["Bearer access-2"])
    }

    @Test func `a late answer after a disconnect is not stored but revoked`() throws {
        try house.connect()
        house.clock.advance(by: 3600)
        let house = house
        house.network.answer("https://provider.test/token") { request in
            try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("alice"))
            return house.network.usualAnswer(request)
        }
        #expect(throws: ConnectionsError.self) { try house.call() }
        house.clock.advance(by: 60)
        try house.keeper.background.round()
        let revoked = house.network.sent(to: "https://provider.test/revoke")
        #expect(
            Set(revoked.map { $0.form["token"] })
                == ["refresh-1", "access-1", "refresh-2", "access-2"])
    }

    @Test func `a late answer of a grant without refresh token is revoked too`() throws {
        try house.addDrive([("slug", "robot"), ("grant", "client_credentials")])
        try house.connect(to: "robot", with: [:])
        house.clock.advance(by: 3600)
        let house = house
        house.network.answer("https://provider.test/token") { request in
            try house.keeper.disconnector.disconnect("robot", by: TestKeeper.user("alice"))
            return house.network.usualAnswer(request)
        }
        #expect(throws: ConnectionsError.self) { try house.call(slug: "robot") }
        house.clock.advance(by: 60)
        try house.keeper.background.round()
        let revoked = house.network.sent(to: "https://provider.test/revoke")
        #expect(Set(revoked.map { $0.form["token"] }) == ["access-1", "access-2"])
    }

    @Test func `a late answer after a reconnect leaves the new tokens alone`() throws {
        try house.connect()
        house.clock.advance(by: 3600)
        let house = house
        let isFirst = Mutex(true)
        house.network.answer("https://provider.test/token") { request in
            if isFirst.withLock({ isFirst in
                defer { isFirst = false }
                return isFirst
            }) {
                try house.connect()
            }
            return house.network.usualAnswer(request)
        }
        #expect(try house.call().status == 200)
        #expect(usedTokens == ["Bearer access-2"])
    }

    private func rejectTokens(_ isRejected: @escaping @Sendable (String) -> Bool) {
        house.network.answer("https://api.test") { request in
            FakeAnswer(isRejected(request.headers[.authorization] ?? "") ? 401 : 200)
        }
    }

    private func expectReauthorizationRequired() throws {
        do {
            try house.call()
            Issue.record("the call went through")
        } catch ConnectionsError.reauthorizationRequired {
        }
    }
}
