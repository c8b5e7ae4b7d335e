import Connections
import Encoding
import HTTPClient
import OAuth
import Storage
import TestSupport
import Testing

/// What a connection's refreshes fail with, as its owner and operators are told.
struct RefreshTroubleTests {
    private static let day: Int64 = 86_400
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
        try house.connect()
    }

    private func connection() throws -> Connection {
        try house.keeper.connections.find("drive", for: TestKeeper.user("alice")).connection
    }

    private func answer(_ answer: FakeAnswer) {
        house.network.answer("https://provider.test/token") { _ in answer }
    }

    /// Calls that need a token, an hour apart.
    private func fail(_ times: Int) {
        for _ in 0..<times {
            house.clock.advance(by: 3601)
            _ = try? house.call()
        }
    }

    @Test(
        arguments: [
            (FakeAnswer(400), "provider_refused", 400),
            (FakeAnswer(503), "provider_unavailable", 503),
            (.refusal("invalid_scope"), "invalid_scope", 400),
            (.refusal("made_up", status: 422), "provider_refused", 422),
            (.json(["token_type": "Bearer"]), "provider_answer_invalid", nil),
        ] as [(FakeAnswer, String, Int?)])
    func `it says what failed, since when, and how often`(
        answer: FakeAnswer, code: String, status: Int?
    ) throws {
        #expect(try connection().refreshTrouble == nil)
        self.answer(answer)
        fail(1)
        let began = house.clock.now
        fail(2)
        let trouble = try #require(try connection().refreshTrouble)
        #expect(trouble.code == code)
        #expect(trouble.status == status)
        #expect(trouble.since == began)
        #expect(trouble.lastAt == house.clock.now)
        #expect(trouble.count == 3)
        #expect(try connection().standing == .active)
    }

    @Test func `an answer that never came has no status`() throws {
        house.network.answer("https://provider.test/token") { _ in
            throw HTTPClientError.timedOut(.sent)
        }
        fail(1)
        #expect(try connection().refreshTrouble?.code == "provider_timeout")
        #expect(try connection().refreshTrouble?.status == nil)
    }

    @Test func `the next token forgets it, and so does connecting again`() throws {
        let network = house.network
        answer(FakeAnswer(400))
        fail(1)
        network.answer("https://provider.test/token") { network.usualAnswer($0) }
        fail(1)
        #expect(try connection().refreshTrouble == nil)
        answer(FakeAnswer(400))
        fail(1)
        network.answer("https://provider.test/token") { network.usualAnswer($0) }
        try house.connect()
        #expect(try connection().refreshTrouble == nil)
    }

    @Test func `the same no for a day is a status of its own, and the token is still tried`() throws
    {
        let network = house.network
        answer(FakeAnswer(400))
        fail(1)
        let began = house.clock.now
        fail(22)
        #expect(try connection().standing == .active)
        fail(3)
        #expect(try connection().standing == .refreshFailing)
        #expect(try connection().standingSince == began)
        #expect(try connection().status == .active)
        let statistics = try house.keeper.statistics.read()
        #expect(statistics.connections.map(\.count) == [0, 1, 0])
        #expect(statistics.connectionsInTrouble == 1)
        let listed = try house.keeper.connections.listAll(
            ownerID: nil, integration: nil, status: .refreshFailing)
        #expect(listed.map(\.slug) == ["drive"])
        #expect(
            try house.keeper.connections.listAll(
                ownerID: nil, integration: nil, status: .active
            ).isEmpty)
        network.answer("https://provider.test/token") { network.usualAnswer($0) }
        house.clock.advance(by: 70)
        #expect(try house.call().status == 200)
        #expect(try connection().standing == .active)
    }

    @Test(
        arguments: [FakeAnswer(503), FakeAnswer(429), FakeAnswer(408)] as [FakeAnswer])
    func `trouble of the provider's is none of the grant's, however long`(
        answer: FakeAnswer
    ) throws {
        self.answer(answer)
        fail(60)
        #expect(try connection().standing == .active)
        #expect((try connection().refreshTrouble?.count ?? 0) > 5)
    }

    @Test func `another answer in between begins the day again`() throws {
        answer(FakeAnswer(400))
        fail(20)
        answer(FakeAnswer(503))
        fail(1)
        answer(FakeAnswer(400))
        fail(20)
        #expect(try connection().standing == .active)
        #expect(try connection().refreshTrouble?.count == 41)
    }

    @Test func `a few refusals far apart are not many`() throws {
        answer(FakeAnswer(400))
        for _ in 0..<3 {
            house.clock.advance(by: Self.day)
            _ = try? house.call()
        }
        #expect(try connection().standing == .active)
    }

    @Test func `a storm of calls writes nothing more than what it asks the provider`() throws {
        answer(FakeAnswer(400))
        fail(1)
        let text = try stored()
        for _ in 0..<100 { _ = try? house.call() }
        #expect(try stored() == text)
        #expect(try connection().refreshTrouble?.count == 1)
    }

    private func stored() throws -> String? {
        try house.database().read {
            try $0.first("SELECT refreshTrouble FROM connection", [:]) { $0.textOrNil(0) } ?? nil
        }
    }

    @Test func `a dead grant says so, and no more of the trouble before`() throws {
        answer(FakeAnswer(400))
        fail(1)
        answer(.refusal("invalid_grant"))
        fail(1)
        #expect(try connection().standing == .reauthorizationRequired)
        #expect(try connection().refreshTrouble == nil)
    }

    @Test func `the advice names the command, and takes no field away`() throws {
        answer(FakeAnswer(400))
        fail(1)
        let trouble = try #require(try connection().refreshTrouble)
        let drive = try house.keeper.integrations.find("drive", for: .system)
        #expect(
            trouble.advice(drive.definition).contains(
                "integration update drive --set 'refresh={dead: [{status: 400}]}'"))
        let (changed, _) = try house.keeper.integrations.update(
            "drive", with: ["refresh": ["parameters": ["a": "b"]]], confirmed: false)
        #expect(!trouble.advice(changed.definition).contains("--set 'refresh"))
        #expect(trouble.advice(changed.definition).contains("{status: 400}"))
    }

    @Test(arguments: ["post", "basic", "basic_unencoded"])
    func `a refused client is told of the other ways to prove itself`(way: String) throws {
        answer(.refusal("invalid_client", status: 401))
        _ = try house.keeper.integrations.update(
            "drive", with: ["clientAuthentication": .string(way)], confirmed: false)
        fail(1)
        let drive = try house.keeper.integrations.find("drive", for: .system)
        let advice = try #require(try connection().refreshTrouble).advice(drive.definition)
        let others = ["post", "basic", "basic_unencoded"].filter { $0 != way }
        let named = advice.split(separator: "clientAuthentication=").last ?? ""
        #expect(named.split(separator: " or ").map(String.init).sorted() == others.sorted())
        #expect(!advice.contains("canary"))
    }
}
