import Encoding
import Keeper
import Storage
import TestSupport
import Testing

struct BackgroundTests {
    private static let day: Int64 = 86_400
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
    }

    private var refreshes: [String?] {
        house.network.sent(to: "https://provider.test/token")
            .filter { $0.form["grant_type"] == "refresh_token" }.map { $0.form["refresh_token"] }
    }

    private func rounds(_ count: Int = 1, by keeper: Keeper? = nil) throws {
        for _ in 0..<count { try (keeper ?? house.keeper).background.round() }
    }

    @Test func `a token in use is refreshed before a call would have to wait for it`() throws {
        try house.connect()
        house.clock.advance(by: 3000)
        try house.call()
        house.clock.advance(by: 600 - 115)
        try rounds(2)
        #expect(refreshes == ["refresh-1"])
        try house.call()
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `a token that was not used lately is left to expire`() throws {
        try house.connect()
        try house.call()
        house.clock.advance(by: 3600 + 100)
        try rounds(2)
        #expect(refreshes.isEmpty)
    }

    @Test func `RELIABILITY 8: an unused refresh token is refreshed before it expires`() throws {
        try house.connect()
        house.clock.advance(by: 5 * Self.day)
        try rounds()
        #expect(refreshes.isEmpty)
        house.clock.advance(by: 2 * Self.day)
        try rounds(3)
        #expect(refreshes == ["refresh-1"])
        house.clock.advance(by: 7 * Self.day)
        try rounds(3)
        #expect(refreshes == ["refresh-1", "refresh-2"])
    }

    @Test func `a refresh token whose end is near is refreshed in time`() throws {
        let network = house.network
        network.answer("https://provider.test/token") { _ in
            .json([
                "access_token": "a", "refresh_token": "r", "token_type": "Bearer",
                "expires_in": 3600, "refresh_token_expires_in": 86_400,
            ])
        }
        try house.connect()
        house.clock.advance(by: Self.day * 4 / 5)
        try rounds(2)
        #expect(refreshes == ["r"])
    }

    /// An integration whose access tokens refresh themselves, as Facebook's.
    private func connectSelfRenewing(lifetime: Int) throws {
        house.network.issueTokens(lifetime: lifetime)
        try house.addDrive([("slug", "self"), ("refresh", ["with": "access_token"])])
        for user in 0..<10 { try house.connect("user-\(user)", to: "self") }
    }

    @Test(arguments: [60, 600, 1_800, 3_600, 5_000, 86_400, 60 * 86_400])
    func `a token that refreshes itself is refreshed before its end even if it is not used`(
        lifetime: Int
    ) throws {
        try connectSelfRenewing(lifetime: lifetime)
        house.clock.advance(by: Int64(lifetime) / 2)
        try rounds()
        #expect(refreshes.isEmpty || lifetime > 14 * 86_400)
        house.clock.advance(by: Int64(lifetime) * 4 / 5 - Int64(lifetime) / 2)
        try rounds()
        #expect(Set(refreshes).count >= 10)
        for user in 0..<10 {
            #expect(try house.call(slug: "self", as: "user-\(user)").status == 200)
        }
    }

    @Test func `one whose refresh failed is tried again before its end`() throws {
        try connectSelfRenewing(lifetime: 3_600)
        let network = house.network
        network.answer("https://provider.test/token") { _ in FakeAnswer(503) }
        house.clock.advance(by: 3_600 * 4 / 5)
        try rounds()
        network.answer("https://provider.test/token") { network.usualAnswer($0) }
        for _ in 0..<10 {
            house.clock.advance(by: 60)
            try rounds()
        }
        house.clock.advance(by: 300)
        for user in 0..<10 {
            #expect(try house.call(slug: "self", as: "user-\(user)").status == 200)
        }
    }

    @Test func `keeping alive can be turned off`() throws {
        let house = try TestKeeper { $0.refreshTiming.keepAlive = .zero }
        try house.addDrive()
        try house.connect()
        house.clock.advance(by: 365 * Self.day)
        try house.keeper.background.round()
        #expect(house.network.sent(to: "https://provider.test/token").count == 1)
    }

    @Test
    func `connections that were made at the same moment are not refreshed at the same moment`()
        throws
    {
        for number in 0..<40 { try house.connect("user-\(number)") }
        house.clock.advance(by: 7 * Self.day - Self.day / 2)
        try rounds()
        let early = refreshes.count
        #expect(early > 5 && early < 40)
    }

    @Test func `of two processes one does the work, and the other one after it ends`() throws {
        try house.connect()
        var first: Keeper? = try house.neighbour()
        try rounds(by: first)
        house.clock.advance(by: 8 * Self.day)
        try rounds(by: first)
        #expect(refreshes.count == 1)
        house.clock.advance(by: 8 * Self.day)
        // The first still lives, but has not been heard of for longer than its lease.
        try rounds()
        #expect(refreshes.count == 2)
        try rounds(by: first)
        first = nil
        house.clock.advance(by: 8 * Self.day)
        try rounds()
        #expect(refreshes.count == 3)
    }

    @Test func `a provider in trouble is left alone for the rest of the round`() throws {
        for number in 0..<5 { try house.connect("user-\(number)") }
        house.clock.advance(by: 8 * Self.day)
        house.network.answer("https://provider.test/token") { _ in FakeAnswer(503) }
        try rounds()
        #expect(refreshes.count == 1)
    }

    @Test func `an integration that fails for all users does not stop others' refreshes`() throws {
        for number in 0..<30 { try house.connect("user-\(number)") }
        try house.addDrive([
            ("slug", "other"), ("tokenUri", "https://other.test/token"),
        ])
        try house.connect(to: "other")
        house.clock.advance(by: 8 * Self.day)
        house.network.answer("https://provider.test/token") { _ in
            .refusal("invalid_client", status: 401)
        }
        try rounds()
        #expect(
            house.network.sent(to: "https://other.test/token").map { $0.form["grant_type"] }
                == ["authorization_code", "refresh_token"])
    }

    @Test func `a connection whose refreshes fail lets the others of its integration have a turn`()
        throws
    {
        for number in 0..<3 { try house.connect("user-\(number)") }
        house.clock.advance(by: 8 * Self.day)
        let network = house.network
        network.answer("https://provider.test/token") { request in
            request.form["refresh_token"] == "refresh-1"
                ? FakeAnswer(500) : network.usualAnswer(request)
        }
        try rounds(3)
        #expect(Set(refreshes) == ["refresh-1", "refresh-2", "refresh-3"])
    }

    @Test func `what cannot be refreshed does not stand before what can`() throws {
        try house.addNews()
        for number in 0..<3 {
            try house.connect("user-\(number)", to: "news", with: ["apiKey": "k"])
        }
        // As an older schema's rows are.
        try house.database().write {
            try $0.execute("UPDATE connection SET keepAliveAt = createdAt")
        }
        house.clock.advance(by: 60)
        try rounds()
        let waiting = try house.database().read {
            try $0.number(
                "SELECT count(*) FROM connection WHERE keepAliveAt <= :now",
                ["now": .integer(house.clock.now.seconds)])
        }
        #expect(waiting == 0)
        #expect(refreshes.isEmpty)
    }

    @Test func `RELIABILITY 13: what has expired is removed, and nothing else`() throws {
        _ = try house.keeper.sessions.create(
            userID: "alice", isSuperuser: false, expiresIn: .seconds(60))
        let (living, _) = try house.keeper.sessions.create(userID: "bob", isSuperuser: false)
        try house.database().write { transaction in
            for number in 0..<1203 {
                try transaction.execute(
                    "INSERT INTO session VALUES (:hash, 'x', 0, 0, 1, 0)",
                    ["hash": .blob([UInt8](String(number).utf8))])
            }
        }
        house.clock.advance(by: 61)
        try rounds()
        #expect(try house.database().read { try $0.number("SELECT count(*) FROM session") } == 1)
        #expect(try house.keeper.sessions.find(living) != nil)
    }
}
