import Primitives
import Storage
import TestSupport
import Testing

/// Of a grant whose revocation is half done, the other half is left (SECURITY 16).
struct RevocationProgressTests {
    private static let revocationURI = "https://provider.test/revoke"
    private let house: TestKeeper
    private let alice = TestKeeper.user("alice")

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
        try house.connect()
    }

    private var sent: [String?] {
        house.network.sent(to: Self.revocationURI).map { $0.form["token"] }
    }

    /// Refuses to revoke that token.
    private func refuse(_ token: String, with answer: FakeAnswer) {
        house.network.answer(Self.revocationURI) { request in
            request.form["token"] == token ? answer : FakeAnswer(200)
        }
    }

    private func disconnect() throws {
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
    }

    @Test(
        arguments: [
            .refusal("invalid_grant"), .refusal("invalid_client", status: 401), FakeAnswer(503),
        ] as [FakeAnswer])
    func `a token that the provider has accepted is not sent again`(answer: FakeAnswer) throws {
        refuse("access-1", with: answer)
        try disconnect()
        _ = try house.keeper.revocations.retry(nil)
        try house.keeper.background.round()
        _ = try house.keeper.revocations.retry(nil)
        try house.keeper.background.round()
        #expect(sent == ["refresh-1", "access-1", "access-1", "access-1"])
    }

    @Test func `what is left ends with its own end`() throws {
        refuse("access-1", with: .refusal("invalid_grant"))
        let end = house.clock.now + 3600
        try disconnect()
        #expect(try house.keeper.revocations.list().map(\.expiresAt) == [end])
        house.clock.advance(by: 6 * 3600)
        try house.keeper.background.round()
        #expect(try house.keeper.revocations.list().isEmpty)
        #expect(sent == ["refresh-1", "access-1"])
    }

    @Test func `a refresh token that is left is tried as long as it lives`() throws {
        try house.addDrive([
            ("slug", "other"), ("revocation", ["tokens": ["access_token", "refresh_token"]]),
        ])
        try house.connect(to: "other")
        refuse("refresh-2", with: FakeAnswer(503))
        try house.keeper.disconnector.disconnect("other", by: alice)
        for _ in 0..<3 {
            try house.keeper.background.round()
            house.clock.advance(by: 3600)
        }
        #expect(sent == ["access-2", "refresh-2", "refresh-2", "refresh-2"])
    }

    @Test func `expired tokens are sent as long as the provider has accepted none`() throws {
        house.clock.advance(by: 3600)
        try disconnect()
        #expect(sent == ["refresh-1", "access-1"])
        #expect(try house.keeper.revocations.list().isEmpty)
    }

    @Test func `an entry of an older version is worked off`() throws {
        refuse("access-1", with: FakeAnswer(503))
        house.network.answer(Self.revocationURI) { _ in FakeAnswer(503) }
        try disconnect()
        try house.database().write {
            try $0.execute("UPDATE revocation SET endpoint = json_remove(endpoint, '$.progress')")
        }
        refuse("access-1", with: FakeAnswer(503))
        for _ in 0..<2 {
            _ = try house.keeper.revocations.retry(nil)
            try house.keeper.background.round()
        }
        #expect(sent == ["refresh-1", "refresh-1", "access-1", "access-1"])
    }

    @Test func `what can't be written down is done all the same`() throws {
        try house.database().write {
            try $0.execute(
                """
                CREATE TRIGGER refuse BEFORE UPDATE OF endpoint ON revocation
                BEGIN SELECT RAISE(ABORT, 'full'); END
                """)
        }
        try disconnect()
        #expect(sent == ["refresh-1", "access-1"])
        #expect(try house.keeper.revocations.list().isEmpty)
    }
}
