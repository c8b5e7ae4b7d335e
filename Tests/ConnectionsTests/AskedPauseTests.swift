import Connections
import Encoding
import HTTPTypes
import Headers
import OAuth
import TestSupport
import Testing

/// `Retry-After` of a provider's endpoints (RFC 9110 §10.2.3).
struct AskedPauseTests {
    private static let tokenURI = "https://provider.test/token"
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
    }

    private var refreshes: Int {
        house.network.sent(to: Self.tokenURI).count { $0.form["grant_type"] == "refresh_token" }
    }

    private func answerTokens(_ status: Int, retryAfter: String?) {
        var headers: HeaderFields = [:]
        headers[.retryAfter] = retryAfter
        let answer = FakeAnswer(status, headers: headers)
        house.network.answer(Self.tokenURI) { _ in answer }
    }

    private func answerTokensAsUsual() {
        let network = house.network
        network.answer(Self.tokenURI) { network.usualAnswer($0) }
    }

    /// When to come again, as a caller is told; `nil` where nothing is said of it.
    private func pause(_ body: () throws -> Void) -> Int64? {
        do {
            try body()
        } catch ConnectionsError.providerBusy(let seconds) {
            return seconds
        } catch {}
        return nil
    }

    private func pause(of user: String = "alice") -> Int64? {
        pause { try house.call(as: user) }
    }

    @Test(arguments: [429, 503])
    func `a token endpoint is left alone for as long as it says, and callers are told`(
        status: Int
    ) throws {
        try house.connect()
        house.clock.advance(by: 3600)
        answerTokens(status, retryAfter: "20")
        #expect(pause() == 20)
        for passed in Int64(1)...19 {
            house.clock.advance(by: 1)
            #expect(pause() == 20 - passed)
        }
        #expect(refreshes == 1)
        house.clock.advance(by: 1)
        answerTokensAsUsual()
        #expect(try house.call().status == 200)
    }

    @Test func `the background asks no earlier, either`() throws {
        try house.connect()
        house.clock.advance(by: 3600)
        answerTokens(429, retryAfter: "20")
        #expect(pause() == 20)
        house.clock.advance(by: 8 * 86_400 - 3600)
        try house.keeper.background.round()
        let asked = refreshes
        house.clock.advance(by: 19)
        try house.keeper.background.round()
        #expect(refreshes == asked)
    }

    @Test func `while the access token works, calls go on with it`() throws {
        try house.connect()
        house.clock.advance(by: 3600 - 30)
        answerTokens(429, retryAfter: "20")
        for _ in 0..<3 { #expect(try house.call().status == 200) }
        #expect(refreshes == 1)
    }

    @Test func `a rejected token that can't be refreshed now is the API's 401`() throws {
        try house.connect()
        house.network.answer("https://api.test") { _ in FakeAnswer(401) }
        answerTokens(429, retryAfter: "20")
        for _ in 0..<3 { #expect(try house.call().status == 401) }
        #expect(refreshes == 1)
    }

    @Test(arguments: [
        ("Fri, 09 Feb 2024 11:01:00 GMT", 60), ("86400", 3600), ("2678400", 3600), ("0.0.1", nil),
        ("0", nil), ("-5", nil), ("99999999999999999999999", nil), ("soon", nil), ("", nil),
    ])
    func `a date counts, an hour is the most, and what makes no sense is ignored`(
        text: String, seconds: Int64?
    ) throws {
        try house.connect()
        house.clock.advance(by: 3600)
        answerTokens(503, retryAfter: text)
        _ = pause()
        #expect(pause() == seconds)
    }

    @Test func `a pause that is shorter than the usual one does not shorten it`() throws {
        try house.connect()
        house.clock.advance(by: 3600)
        answerTokens(503, retryAfter: "1")
        for _ in 0..<4 {
            while pause() != nil, refreshes < 4 { house.clock.advance(by: 1) }
        }
        #expect(refreshes == 4)
        #expect(pause() == 8)
    }

    @Test func `an integration's other connections rest as well, but for a minute at most`() throws
    {
        try house.connect()
        try house.connect("bob")
        house.clock.advance(by: 3600)
        answerTokens(429, retryAfter: "1800")
        #expect(pause() == 1800)
        #expect(pause(of: "bob") == 60)
        #expect(refreshes == 1)
        answerTokensAsUsual()
        house.clock.advance(by: 60)
        #expect(try house.call(as: "bob").status == 200)
        #expect(pause() == 1740)
    }

    @Test func `RELIABILITY 8: a clock that is set back does not make the pause longer`() throws {
        try house.connect()
        house.clock.advance(by: 3600)
        answerTokens(429, retryAfter: "20")
        #expect(pause() == 20)
        answerTokensAsUsual()
        house.clock.set(by: -30)
        #expect(try house.call().status == 200)
    }

    // MARK: At connecting

    @Test(arguments: [["code": "c"], ["refreshToken": "r"]] as [JSONValue])
    func `a caller who connects is told when to come again`(given: JSONValue) {
        answerTokens(429, retryAfter: "20")
        #expect(pause { try house.connect(with: given) } == 20)
        answerTokens(429, retryAfter: nil)
        #expect(pause { try house.connect(with: given) } == nil)
    }

    @Test func `a lookup waits as long as it is asked to, if there is time`() throws {
        try house.addDrive([
            ("slug", "sites"), ("lookup", ["uri": "https://api.test/sites"]),
            ("connectionData", ["id": ["from": "lookup", "name": "id"]]),
        ])
        let network = house.network
        network.answer("https://api.test/sites") { _ in
            network.sent(to: "https://api.test/sites").count < 2
                ? FakeAnswer(429, headers: [.retryAfter: "7"]) : .json(["id": "x"])
        }
        try house.connect(to: "sites")
        #expect(house.clock.waits == [7])
        network.answer("https://api.test/sites") { _ in
            FakeAnswer(503, headers: [.retryAfter: "60"])
        }
        let before = network.sent(to: "https://api.test/sites").count
        #expect(pause { try house.connect("bob", to: "sites") } == 60)
        #expect(network.sent(to: "https://api.test/sites").count == before + 1)
        #expect(house.clock.waits == [7])
    }

    @Test func `a credential's trial that has to wait says so`() throws {
        try house.addNews([("credentialTestPath", "/me")])
        house.network.answer("https://news.test/me") { _ in
            FakeAnswer(429, headers: [.retryAfter: "9"])
        }
        #expect(pause { try house.connect(to: "news", with: ["apiKey": "k"]) } == 9)
    }

    // MARK: At revoking

    @Test func `a revocation endpoint is left alone for as long as it says`() throws {
        let revocationURI = "https://provider.test/revoke"
        for user in ["alice", "bob"] {
            try house.connect(user)
            try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user(user))
        }
        house.network.answer(revocationURI) { _ in
            FakeAnswer(429, headers: [.retryAfter: "600"])
        }
        for _ in 0..<20 {
            try house.keeper.background.round()
            house.clock.advance(by: 29)
        }
        #expect(house.network.sent(to: revocationURI).count == 1)
        house.network.answer(revocationURI) { _ in FakeAnswer(200) }
        house.clock.advance(by: 20)
        try house.keeper.background.round()
        #expect(try house.keeper.revocations.list().isEmpty)
    }
}
