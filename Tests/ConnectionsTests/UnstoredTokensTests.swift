import Foundation
import Keeper
import Storage
import TestSupport
import Testing

/// A database that takes leases and no tokens: as one whose disk became full while the provider
/// was asked.
struct UnstoredTokensTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
        try house.connect()
        house.clock.advance(by: 3600)
        try refuseTokens()
    }

    private func refuseTokens() throws {
        try house.database().write {
            try $0.execute(
                """
                CREATE TRIGGER refuse BEFORE UPDATE OF credential ON connection
                BEGIN SELECT RAISE(ABORT, 'full'); END
                """)
        }
    }

    private func takeTokens() throws {
        try house.database().write { try $0.execute("DROP TRIGGER refuse") }
    }

    private var refreshes: [String?] {
        house.network.sent(to: "https://provider.test/token")
            .filter { $0.form["grant_type"] == "refresh_token" }.map { $0.form["refresh_token"] }
    }

    private var lastUsedToken: String? {
        house.network.sent(to: "https://api.test").last?.headers[.authorization]
    }

    @Test
    func `RELIABILITY 6: tokens that the database does not take are used, and asked for once`()
        throws
    {
        for _ in 0..<3 {
            #expect(try house.call().status == 200)
            #expect(lastUsedToken == "Bearer access-2")
        }
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `RELIABILITY 6: they are stored as soon as the database takes them`() throws {
        try house.call()
        try takeTokens()
        try house.keeper.background.round()
        let neighbour = try house.neighbour()
        #expect(try house.call(by: neighbour).status == 200)
        #expect(lastUsedToken == "Bearer access-2")
        house.clock.advance(by: 3600)
        #expect(try house.call(by: neighbour).status == 200)
        #expect(refreshes == ["refresh-1", "refresh-2"])
    }

    @Test func `an API's 401 does not have the replaced refresh token sent`() throws {
        house.network.answer("https://api.test") { _ in FakeAnswer(401) }
        #expect(try house.call().status == 401)
        #expect(try house.call().status == 401)
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `a process stores the tokens that an ended one kept`() throws {
        var keeper: Keeper? = try house.neighbour()
        try house.call(by: keeper)
        // As by kill -9: nothing is put away.
        keeper = nil
        try takeTokens()
        #expect(try house.call().status == 200)
        #expect(lastUsedToken == "Bearer access-2")
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `while kept tokens cannot be stored, no process sends the refresh token again`()
        throws
    {
        try house.call()
        let neighbour = try house.neighbour()
        house.clock.advance(by: 60)
        for _ in 0..<3 {
            #expect(throws: StorageError.self) { try house.call(by: neighbour) }
        }
        #expect(refreshes == ["refresh-1"])
        try takeTokens()
        #expect(try house.call(by: neighbour).status == 200)
        #expect(lastUsedToken == "Bearer access-2")
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `an erased connection does not keep others' tokens from being stored`() throws {
        try takeTokens()
        try house.connect("bob")
        try house.connect("carol")
        house.clock.advance(by: 3600)
        try refuseTokens()
        for user in ["alice", "bob", "carol"] { try house.call(as: user) }
        try takeTokens()
        try house.database().write {
            try $0.execute(
                """
                UPDATE connection SET generation = generation + 1, credential = x''
                WHERE ownerId = 'bob'
                """)
        }
        try house.keeper.background.round()
        let asked = refreshes.count
        #expect(try house.call(as: "alice", by: house.neighbour()).status == 200)
        #expect(try house.call(as: "carol", by: house.neighbour()).status == 200)
        #expect(refreshes.count == asked)
    }

    @Test func `what an ended process kept is stored without anybody asking`() throws {
        var keeper: Keeper? = try house.neighbour()
        try house.call(by: keeper)
        keeper = nil
        try takeTokens()
        try house.keeper.background.round()
        let connection = try house.keeper.connections.find("drive", for: TestKeeper.user("alice"))
        #expect(try #require(connection.connection.tokenExpiresAt) > house.clock.now)
        #expect(try processFiles().count == 1)
    }

    @Test func `a process that is told to stop leaves them for the next one`() throws {
        let keeper = try house.neighbour()
        keeper.background.start()
        try house.call(by: keeper)
        keeper.background.quiesce()
        keeper.background.stop()
        #expect(try processFiles().count == 1)
        try takeTokens()
        let next = try house.neighbour()
        next.background.start()
        #expect(try house.call(by: next).status == 200)
        #expect(lastUsedToken == "Bearer access-2")
        next.background.quiesce()
        next.background.stop()
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `tokens are sealed in the file that keeps them, which no other user may read`()
        throws
    {
        try house.call()
        let file = try #require(try processFiles().first)
        let content = try Data(contentsOf: URL(fileURLWithPath: house.directory.file(file)))
        #expect(content.range(of: Data("access-2".utf8)) == nil)
        #expect(content.range(of: Data("refresh-2".utf8)) == nil)
        #expect(content.prefix(4) != Data([0, 0, 0, 0]))
        let attributes = try FileManager.default.attributesOfItem(
            atPath: house.directory.file(file))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `RELIABILITY 16: they are revoked when the connection ends before they are stored`()
        throws
    {
        try house.call()
        try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("alice"))
        try house.keeper.background.round()
        try house.keeper.background.round()
        let revoked = house.network.sent(to: "https://provider.test/revoke")
        #expect(
            Set(revoked.compactMap { $0.form["token"] })
                == ["refresh-1", "access-1", "refresh-2", "access-2"])
    }

    @Test func `a clean end leaves no file`() throws {
        try takeTokens()
        let keeper = try house.neighbour()
        keeper.background.start()
        try house.call(by: keeper)
        keeper.background.quiesce()
        keeper.background.stop()
        #expect(try processFiles().isEmpty)
    }

    private func processFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: house.directory.path)
            .filter { $0.contains("-process-") }
    }
}
