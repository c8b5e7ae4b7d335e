import Connections
import Encoding
import Limits
import Primitives
import Storage
import TestSupport
import Testing

/// One user who asks for very much.
struct FloodTests {
    private let house: TestKeeper
    private let alice = TestKeeper.user("alice")

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
    }

    private func count(_ table: String, _ condition: String = "1") throws -> Int64 {
        try house.database().read {
            try $0.number("SELECT count(*) FROM \(table) WHERE \(condition)")
        }
    }

    private func begin(_ caller: Caller) throws -> String {
        let step = try house.keeper.startConnect(
            "drive", for: caller, browserID: "b", returnTo: nil, isPopup: false)
        guard case .provider(let url) = step else { return "" }
        return Form(encoded: url.drop { $0 != "?" }.dropFirst())?["state"] ?? ""
    }

    private func finish(_ state: String) -> ConnectFailure? {
        let fields = Form([.init("code", "c"), .init("state", state)])
        let outcome = house.keeper.finishConnect(
            fields, slug: nil, browserID: "b", signedIn: nil)
        if case .failed(let failure) = outcome.result { return failure }
        return nil
    }

    private var revoked: [String?] {
        house.network.sent(to: "https://provider.test/revoke").map { $0.form["token"] }
    }

    /// Hands over an access token, whatever the rate.
    private func handOver(_ token: String, refreshToken: String? = nil, to slug: String = "drive")
        throws
    {
        house.clock.advance(by: 2)
        let more = refreshToken.map { [("refreshToken", JSONValue.string($0))] } ?? []
        try house.connect(
            to: slug,
            with: .object([("accessToken", .string(token)), ("expiresIn", 1_000_000)] + more))
    }

    @Test func `of a user's many flows the newest are kept, and no one else's are touched`() throws
    {
        let bobs = try begin(TestKeeper.user("bob"))
        let first = try begin(alice)
        var last = ""
        for _ in 0..<200 {
            house.clock.advance(by: 1)
            last = try begin(alice)
        }
        #expect(try count("pendingAuthorization") == 33)
        #expect(finish(first) == .unknownState)
        #expect(finish(last) == nil)
        #expect(finish(bobs) == nil)
    }

    @Test func `of a user's many sessions those end that were used longest ago, with their flows`()
        throws
    {
        let sessions = house.keeper.sessions
        let (bobs, _) = try sessions.create(userID: "bob", isSuperuser: false)
        let (unused, _) = try sessions.create(userID: "alice", isSuperuser: false)
        let state = try begin(try #require(try sessions.find(unused)).caller)
        let (used, _) = try sessions.create(userID: "alice", isSuperuser: false)
        house.clock.advance(by: 100)
        #expect(try sessions.find(used) != nil)
        for _ in 0..<99 {
            let (id, _) = try sessions.create(userID: "alice", isSuperuser: false)
            _ = try sessions.ticket(forSession: id, userID: "alice", returnTo: nil)
        }
        #expect(try sessions.find(unused) == nil)
        #expect(finish(state) == .unknownState)
        #expect(try sessions.find(used) != nil)
        #expect(try sessions.find(bobs) != nil)
        for _ in 0..<200 {
            let (id, _) = try sessions.create(userID: "alice", isSuperuser: false)
            _ = try sessions.ticket(forSession: id, userID: "alice", returnTo: nil)
        }
        #expect(try count("session", "userId = 'alice'") == 100)
        #expect(try count("sessionTicket") == 100)
    }

    @Test func `a user connects an integration so often and no more, by whatever way`() throws {
        for _ in 0..<60 { try house.connect() }
        let refused = try #require(throws: CallRefusal.self) { try house.connect() }
        #expect(refused == CallRefusal(.connects, after: 2))
        #expect(finish(try begin(alice)) == .providerUnavailable)
        #expect(house.network.sent(to: "https://provider.test/token").count == 60)
        #expect(house.keeper.limiter.inFlight == 0)
        // Others may, and the same user elsewhere.
        try house.connect("bob")
        try house.addNews()
        try house.connect(to: "news", with: ["apiKey": "k"])
        house.clock.advance(by: 2)
        try house.connect()
        #expect(throws: CallRefusal.self) { try house.connect() }
    }

    @Test func `a token that is given up again and again waits once`() throws {
        for _ in 0..<10 {
            try handOver("a", refreshToken: "r")
            try handOver("b", refreshToken: "r")
        }
        #expect(try count("revocation") == 1)
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(revoked.sorted { $0 ?? "" < $1 ?? "" } == ["a", "b", "r"])
    }

    @Test func `a token that a connection holds again is not revoked while it does`() throws {
        try house.addDrive([("slug", "careful"), ("revokesReplacedTokens", true)])
        for token in ["a", "b", "a"] { try handOver(token, to: "careful") }
        try house.keeper.background.round()
        #expect(revoked == ["b"])
        try house.keeper.disconnector.disconnect("careful", by: alice)
        try house.keeper.background.round()
        #expect(revoked == ["b", "a"])
    }

    @Test func `tokens that differ in one of two are both revoked`() throws {
        try handOver("a", refreshToken: "r")
        try handOver("a", refreshToken: "s")
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(Set(revoked) == ["a", "r", "s"])
    }

    @Test func `of very many grants that one user gave up the newest wait, and it is counted`()
        throws
    {
        for number in 0..<120 { try handOver("token-\(number)") }
        try house.connect("bob")
        try house.connect("bob")
        #expect(try count("revocation", "holder = 'alice'") == 100)
        #expect(try count("revocation", "holder = 'bob'") == 1)
        #expect(house.keeper.statistics.counters[.revocationGivenUp] == 19)
    }

    @Test func `a provider is asked to revoke ten grants a second, and another at the same time`()
        throws
    {
        for number in 0..<50 { try handOver("token-\(number)") }
        try house.addDrive([("slug", "other"), ("revocationUri", "https://other.test/revoke")])
        try house.connect("bob", to: "other")
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.disconnector.disconnect("other", by: TestKeeper.user("bob"))
        try house.keeper.background.round()
        #expect(revoked.count == 10)
        #expect(house.network.sent(to: "https://other.test/revoke").count == 2)
        try house.keeper.background.round()
        #expect(revoked.count == 10)
        for second in 2...5 {
            house.clock.advance(by: 1)
            try house.keeper.background.round()
            #expect(revoked.count == second * 10)
        }
        #expect(try count("revocation") == 0)
        #expect(Set(revoked).count == 50)
    }
}
