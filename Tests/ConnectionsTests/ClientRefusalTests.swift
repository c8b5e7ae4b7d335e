import Connections
import Encoding
import HTTPTypes
import Storage
import Synchronization
import TestSupport
import Testing

/// A provider that refuses the client, as after its secret was changed there.
struct ClientRefusalTests {
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

    /// Each refresh with that secret is refused; others are as usual.
    private func refuse(
        secret: String = "client-secret-canary",
        with answer: FakeAnswer = .refusal("invalid_client", status: 401)
    ) {
        let network = house.network
        network.answer("https://provider.test/token") { request in
            request.form["client_secret"] == secret ? answer : network.usualAnswer(request)
        }
    }

    private func connect(_ count: Int) throws {
        for number in 0..<count { try house.connect("user-\(number)") }
    }

    /// What a call ends with; `nil` for an answer of the API.
    private func failure(_ user: String = "user-0") -> String? {
        do {
            _ = try house.call(as: user)
            return nil
        } catch ConnectionsError.clientRefused(let seconds) {
            return "refused for \(seconds)"
        } catch ConnectionsError.provider {
            return "provider"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        arguments: [
            .refusal("invalid_client", status: 401), .refusal("unauthorized_client"),
            .refusal("incorrect_client_credentials"), .refusal("made_up", status: 401),
            FakeAnswer(401),
        ] as [FakeAnswer])
    func `RELIABILITY 18: of a thousand connections that come due one is tried, for a day`(
        answer: FakeAnswer
    ) throws {
        try connect(20)
        house.clock.advance(by: 8 * Self.day)
        refuse(with: answer)
        for _ in 0..<24 {
            try house.keeper.background.round()
            house.clock.advance(by: 3600)
        }
        #expect(refreshes.count == 1)
        #expect(try house.keeper.clientRefusals.inForce().map(\.slug) == ["drive"])
        #expect(try house.keeper.statistics.read().refusedClients == 1)
        // Nothing is lost: with the right secret all of them go on.
        _ = try house.keeper.integrations.update(
            "drive", with: ["clientSecret": "right"], confirmed: false)
        #expect(try house.keeper.clientRefusals.inForce().isEmpty)
        for _ in 0..<3 { try house.keeper.background.round() }
        #expect(Set(refreshes).count == 20)
        for number in 0..<20 { #expect(failure("user-\(number)") == nil) }
    }

    @Test(
        arguments: [
            .refusal("invalid_scope"), .refusal("made_up"), FakeAnswer(400), FakeAnswer(403),
            FakeAnswer(500), .refusal("invalid_client", status: 503),
        ] as [FakeAnswer])
    func `what says nothing of the client does not keep the others from being refreshed`(
        answer: FakeAnswer
    ) throws {
        try connect(3)
        house.clock.advance(by: 8 * Self.day)
        refuse(with: answer)
        for _ in 0..<3 { try house.keeper.background.round() }
        #expect(refreshes.count == 3)
        #expect(try house.keeper.clientRefusals.inForce().isEmpty)
    }

    @Test func `callers are told at once, and one of them tries, ever more seldom`() throws {
        try connect(3)
        house.clock.advance(by: 3601)
        refuse()
        #expect(failure("user-0") == "provider")
        #expect(failure("user-1") == "refused for 1")
        #expect(refreshes == ["refresh-1"])
        house.clock.advance(by: 1)
        // The one that was refused before is tried for the one that calls.
        #expect(failure("user-1") == "refused for 60")
        #expect(refreshes == ["refresh-1", "refresh-1"])
        house.clock.advance(by: 59)
        #expect(failure("user-2") == "refused for 1")
        house.clock.advance(by: 1)
        // It may be the only one that is refused, so that the next try is the caller's own.
        #expect(failure("user-1") == "provider")
        #expect(refreshes == ["refresh-1", "refresh-1", "refresh-2"])
        #expect(failure("user-2") == "refused for 120")
    }

    @Test func `a day of calls costs few requests`() throws {
        try connect(10)
        house.clock.advance(by: 3601)
        refuse()
        for minute in 0..<1440 {
            _ = failure("user-\(minute % 10)")
            house.clock.advance(by: 60)
        }
        #expect((5...15).contains(refreshes.count), "\(refreshes.count)")
    }

    @Test func `success is noticed without a change here, and lets all go on`() throws {
        try connect(3)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        refuse(secret: "none")
        #expect(failure("user-1") == "refused for 1")
        house.clock.advance(by: 1)
        #expect(failure("user-1") == nil)
        #expect(refreshes == ["refresh-1", "refresh-1", "refresh-2"])
        #expect(failure("user-2") == nil)
        #expect(failure("user-0") == nil)
    }

    @Test func `a connection that the provider asked to wait is not tried for others`() throws {
        try connect(2)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        house.clock.advance(by: 1)
        refuse(with: FakeAnswer(503, headers: [.retryAfter: "600"]))
        _ = failure("user-0")
        // The others of the integration wait for a minute.
        house.clock.advance(by: 61)
        _ = failure("user-1")
        #expect(refreshes == ["refresh-1", "refresh-1", "refresh-2"])
    }

    @Test func `a user who connects shows that the client is accepted again`() throws {
        try connect(2)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        refuse(secret: "none")
        try house.connect("user-9")
        #expect(failure("user-1") == nil)
    }

    @Test func `changed settings are tried with one connection, and the others wait for it`()
        throws
    {
        try connect(8)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        _ = try house.keeper.integrations.update(
            "drive", with: ["clientSecret": "wrong too"], confirmed: false)
        let network = house.network
        network.answer("https://provider.test/token") { _ in
            .refusal("invalid_client", status: 401)
        }
        let house = house
        onThreads(8) {
            for number in 0..<8 { _ = try? house.call(as: "user-\(number)") }
        }
        #expect(refreshes.count == 2)
    }

    @Test func `an operator who gives the same secret again has it tried at once`() throws {
        try connect(2)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        let drive = try house.keeper.integrations.find("drive", for: .system)
        try house.keeper.clientRefusals.reconsider(drive)
        refuse(secret: "none")
        #expect(failure("user-1") == nil)
    }

    /// A refresh token of another client's, which a user handed over: no one else suffers.
    @Test func `one connection that is refused while others work is its own trouble`() throws {
        let network = house.network
        try connect(3)
        try house.connect(
            "mallory", with: ["accessToken": "a", "refreshToken": "foreign", "expiresIn": 1])
        house.clock.advance(by: 3601)
        network.answer("https://provider.test/token") { request in
            request.form["refresh_token"] == "foreign"
                ? .refusal("unauthorized_client") : network.usualAnswer(request)
        }
        #expect(failure("user-0") == nil)
        for _ in 0..<5 {
            #expect(failure("mallory") == "provider")
            house.clock.advance(by: 70)
        }
        #expect(failure("user-1") == nil)
        #expect(try house.keeper.clientRefusals.inForce().isEmpty)
    }

    @Test func `a second connection that is refused makes it the client's`() throws {
        try connect(4)
        house.clock.advance(by: 3601)
        #expect(failure("user-0") == nil)
        refuse()
        #expect(failure("user-1") == "provider")
        #expect(failure("user-2") == "provider")
        #expect(failure("user-3") == "refused for 1")
    }

    @Test func `a token that still works is used while the client is refused`() throws {
        try connect(2)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        try house.connect(
            "user-9", with: ["accessToken": "a", "refreshToken": "r", "expiresIn": 600])
        house.clock.advance(by: 560)
        let before = refreshes.count
        #expect(failure("user-9") == nil)
        #expect(refreshes.count == before)
    }

    @Test func `other processes know, and a restart forgets nothing`() throws {
        try connect(2)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        let neighbour = try house.neighbour()
        #expect(throws: ConnectionsError.self) { try house.call(as: "user-1", by: neighbour) }
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `a calendar that is set back makes no pause longer than it ever is`() throws {
        try connect(1)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        house.clock.set(by: -30 * Self.day)
        try house.database().write {
            try $0.execute("UPDATE connection SET tokenExpiresAt = 1")
        }
        #expect(failure("user-0") == "provider")
    }

    @Test func `a token is not refreshed to be revoked while the client is refused`() throws {
        try house.addDrive([
            ("slug", "byaccess"), ("revocation", ["tokens": ["access_token"]]),
        ])
        try house.connect("alice", to: "byaccess")
        try house.connect("bob", to: "byaccess")
        house.clock.advance(by: 3601)
        refuse()
        _ = try? house.call(slug: "byaccess", as: "alice")
        try house.keeper.disconnector.disconnect("byaccess", by: TestKeeper.user("bob"))
        let before = refreshes.count
        try house.keeper.background.round()
        #expect(refreshes.count == before)
        #expect(
            try house.keeper.revocations.list().first?.lastError?.contains("invalid_client") == true
        )
    }

    @Test func `an integration that is removed takes it along`() throws {
        try connect(1)
        house.clock.advance(by: 3601)
        refuse()
        _ = failure("user-0")
        try house.keeper.disconnector.remove("drive", disconnecting: true)
        #expect(
            try house.database().read { try $0.number("SELECT count(*) FROM clientRefusal") } == 0)
    }
}
