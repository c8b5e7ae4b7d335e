import Connections
import Encoding
import Foundation
import HTTPClient
import Primitives
import Storage
import Synchronization
import TestSupport
import Testing

struct RevocationTests {
    private static let revocationURI = "https://provider.test/revoke"
    private let house: TestKeeper
    private let alice = TestKeeper.user("alice")

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
        try house.connect()
    }

    private var revoked: [String?] {
        house.network.sent(to: Self.revocationURI).map { $0.form["token"] }
    }

    private var waiting: Int64 {
        get throws {
            try house.database().read { try $0.number("SELECT count(*) FROM revocation") }
        }
    }

    @Test func `SECURITY 16: the refresh token is revoked first, then the access token`() throws {
        try house.keeper.disconnector.disconnect("drive", by: alice)
        #expect(revoked.isEmpty)
        try house.keeper.background.round()
        #expect(revoked == ["refresh-1", "access-1"])
        #expect(try waiting == 0)
    }

    @Test func `RELIABILITY 15: a provider that is down is asked again, until it accepts`() throws {
        house.network.answer(Self.revocationURI) { _ in FakeAnswer(503) }
        try house.keeper.disconnector.disconnect("drive", by: alice)
        for _ in 0..<4 {
            try house.keeper.background.round()
            house.clock.advance(by: 3600)
        }
        #expect(revoked.count == 4)
        #expect(try waiting == 1)
        house.network.answer(Self.revocationURI) { _ in FakeAnswer(200) }
        try house.keeper.background.round()
        #expect(try waiting == 0)
    }

    @Test func `a provider that hangs does not keep the others' revocations waiting`() throws {
        for number in 0..<3 { try house.connect("user-\(number)") }
        try house.addDrive([("slug", "other"), ("revocationUri", "https://other.test/revoke")])
        try house.connect(to: "other")
        house.network.answer(Self.revocationURI) { _ in throw HTTPClientError.timedOut(.sent) }
        for number in 0..<3 {
            try house.keeper.disconnector.disconnect(
                "drive", by: TestKeeper.user("user-\(number)"))
        }
        try house.keeper.disconnector.disconnect("other", by: alice)
        try house.keeper.background.round()
        #expect(revoked.count == 1)
        #expect(house.network.sent(to: "https://other.test/revoke").count == 2)
    }

    @Test func `pauses between attempts grow, and no other process steps in`() throws {
        house.network.answer(Self.revocationURI) { _ in throw HTTPClientError.timedOut(.sent) }
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        house.clock.advance(by: 29)
        try house.keeper.background.round()
        try house.neighbour().background.round()
        #expect(revoked.count == 1)
        house.clock.advance(by: 1)
        try house.keeper.background.round()
        #expect(revoked.count == 2)
    }

    @Test func `RELIABILITY 8: a clock that is set back does not put a revocation off`() throws {
        house.network.answer(Self.revocationURI) { _ in FakeAnswer(503) }
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        house.clock.set(by: -86_400)
        house.clock.advance(by: 31)
        house.network.answer(Self.revocationURI) { _ in FakeAnswer(200) }
        try house.keeper.background.round()
        #expect(try waiting == 0)
    }

    @Test func `tokens that were replaced wait until the connection ends`() throws {
        try house.connect()
        try house.keeper.background.round()
        #expect(revoked.isEmpty)
        #expect(try waiting == 1)
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(Set(revoked) == ["refresh-1", "access-1", "refresh-2", "access-2"])
    }

    @Test func `where revoking ends one token only, replaced ones are revoked at once`() throws {
        try house.addDrive([("slug", "careful"), ("revokesReplacedTokens", true)])
        try house.connect(to: "careful")
        try house.connect(to: "careful")
        try house.keeper.background.round()
        #expect(Set(revoked) == ["refresh-2", "access-2"])
    }

    @Test func `a revocation that waits does not hit a connection that was made since`() throws {
        house.network.answer(Self.revocationURI) { _ in FakeAnswer(503) }
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        try house.connect()
        house.network.answer(Self.revocationURI) { _ in FakeAnswer(200) }
        house.clock.advance(by: 3600)
        try house.keeper.background.round()
        #expect(revoked.count == 1)
        try house.connect("bob")
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(try waiting == 0)
    }

    @Test func `a refresh token that the new grant holds too is not revoked`() throws {
        try house.addDrive([("slug", "careful"), ("revokesReplacedTokens", true)])
        try house.connect(to: "careful", with: ["refreshToken": "kept-elsewhere"])
        house.network.issueTokens(lifetime: 3600, rotates: false)
        try house.connect(to: "careful", with: ["refreshToken": "kept-for-good"])
        try house.connect(to: "careful", with: ["refreshToken": "kept-for-good"])
        try house.keeper.background.round()
        #expect(!revoked.contains("kept-for-good"))
        #expect(revoked.contains("access-3"))
    }

    @Test func `tokens that no user may have any more are revoked, not stored`() throws {
        let house = house
        let network = house.network
        network.answer("https://provider.test/token") { request in
            let answer = network.usualAnswer(request)
            _ = try house.keeper.integrations.replace(
                "drive",
                with: TestKeeper.drive([("apiBaseUri", "https://elsewhere.test/v1")]),
                confirmed: true)
            return answer
        }
        #expect(throws: InputError.self) { try house.connect("bob") }
        #expect(throws: ConnectionsError.self) {
            try house.keeper.connections.find("drive", for: TestKeeper.user("bob"))
        }
        try house.keeper.background.round()
        #expect(revoked == ["refresh-2", "access-2"])
    }

    @Test func `RELIABILITY 16: tokens that come after a reconnect are queued, not stored`() throws
    {
        house.clock.advance(by: 3600)
        let house = house
        let network = house.network
        network.answer("https://provider.test/token") { request in
            let answer = network.usualAnswer(request)
            if request.form["grant_type"] == "refresh_token" { try house.connect() }
            return answer
        }
        #expect(try house.call().status == 200)
        #expect(
            network.sent(to: "https://api.test").last?.headers[.authorization] == "Bearer access-3")
        #expect(try waiting == 2)
        try house.keeper.background.round()
        #expect(revoked.isEmpty)
    }

    // MARK: Where an access token has to be refreshed first

    /// A house with an ended connection whose access token has ended, too, and that alone can end
    /// the grant.
    private func aged() throws -> TestKeeper {
        let house = try TestKeeper()
        try house.addDrive([("revocation", ["tokens": ["access_token"], "in": "header"])])
        try house.connect()
        house.clock.advance(by: 4_000)
        return house
    }

    private func refreshes(_ house: TestKeeper) -> [String?] {
        house.network.sent(to: "https://provider.test/token")
            .filter { $0.form["grant_type"] == "refresh_token" }.map { $0.form["refresh_token"] }
    }

    @Test func `what the revocation endpoint refuses is not revoked, be it by invalid_grant`()
        throws
    {
        let house = try aged()
        house.network.answer(Self.revocationURI) { _ in .refusal("invalid_grant") }
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(
            try house.keeper.revocations.list().map(\.lastError)
                == ["the provider refused: invalid_grant (status 400)"])
        #expect(house.keeper.statistics.counters[.revoked] == 0)
    }

    @Test func `tokens that the database does not take are used to revoke the grant`() throws {
        let house = try aged()
        try house.keeper.disconnector.disconnect("drive", by: alice)
        let network = house.network
        try house.database().write {
            try $0.execute(
                """
                CREATE TRIGGER refuse BEFORE UPDATE OF credential ON revocation
                BEGIN SELECT RAISE(ABORT, 'full'); END
                """)
        }
        try house.keeper.background.round()
        #expect(
            network.sent(to: Self.revocationURI).map { $0.headers[.authorization] }
                == ["Bearer access-2"])
        #expect(try house.keeper.revocations.list().isEmpty)
        #expect(refreshes(house) == ["refresh-1"])
    }

    @Test func `a process that is told to stop waits for the tokens that it asked for`() throws {
        let house = try aged()
        let keeper = try house.neighbour()
        let network = house.network
        let isAsked = Flag()
        network.answer("https://provider.test/token") { request in
            isAsked.set()
            Thread.sleep(forTimeInterval: 1.5)
            return network.usualAnswer(request)
        }
        network.answer(Self.revocationURI) { _ in FakeAnswer(503) }
        try keeper.disconnector.disconnect("drive", by: alice)
        keeper.background.start()
        #expect(eventually { isAsked.isSet })
        keeper.background.quiesce()
        keeper.background.stop()
        house.clock.advance(by: 60)
        network.answer(Self.revocationURI) { _ in FakeAnswer(200) }
        try house.keeper.background.round()
        #expect(refreshes(house) == ["refresh-1"])
        #expect(
            network.sent(to: Self.revocationURI).last?.headers[.authorization] == "Bearer access-2")
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
