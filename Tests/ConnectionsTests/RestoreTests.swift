import Connections
import Crypto
import Encoding
import Foundation
import Keeper
import Primitives
import Proxying
import Storage
import TestSupport
import Testing
import Vault

/// Backups, and what a restored one brings back (RELIABILITY 11, SECURITY 40).
struct RestoreTests {
    private let house: ClosableKeeper
    private let backup: String

    init() throws {
        house = try ClosableKeeper()
        backup = house.directory.file("backup.db")
        try house.use { keeper in
            _ = try keeper.integrations.add(TestKeeper.drive())
            for user in ["alice", "bob"] {
                _ = try keeper.handOver(["code": "c"], to: "drive", by: TestKeeper.user(user))
            }
            _ = try keeper.sessions.create(userID: "alice", isSuperuser: false)
            _ = try keeper.apiKeys.create(userID: "app", isSuperuser: false, name: "kept")
            _ = try keeper.backUp(to: backup)
        }
    }

    private func restore() throws -> Restore.Outcome {
        try Restore(
            databasePath: house.databasePath, keyRing: LiveKeyRing(house.keyRingFile),
            clock: house.clock.clock)(backup)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `SECURITY 40: a backup is one file, for its owner only`() throws {
        #expect(try mode(backup) == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: house.directory.path)
        #expect(names.filter { $0.hasPrefix("backup.db") } == ["backup.db"])
    }

    @Test func `a backup overwrites nothing`() throws {
        try house.use { keeper in
            #expect(throws: StorageError.self) { try keeper.backUp(to: backup) }
        }
    }

    @Test func `a restored database serves, and the replaced one is kept`() throws {
        try house.lose()
        let outcome = try restore()
        #expect(outcome.kept == nil)
        #expect(outcome.problems.isEmpty)
        try house.use { keeper in
            let found = try keeper.connections.find("drive", for: TestKeeper.user("bob"))
            #expect(found.connection.status == .active)
        }
        let kept = try #require(try restore().kept)
        #expect(try mode(kept) == 0o600)
        _ = try Database(path: kept, migrations: Schema.migrations)
        #expect(!FileManager.default.fileExists(atPath: house.databasePath + "-wal"))
    }

    @Test func `SECURITY 39: a client's private key comes back, and signs`() throws {
        let signed = house.directory.file("signed.db")
        try house.use { keeper in
            _ = try keeper.integrations.replace(
                "drive",
                with: TestKeeper.drive([
                    ("clientAuthentication", "private_key_jwt"),
                    ("privateKey", .string(P256.Signing.PrivateKey().pemRepresentation)),
                ]), confirmed: true)
            _ = try keeper.backUp(to: signed)
        }
        try house.lose()
        let restore = Restore(
            databasePath: house.databasePath, keyRing: try LiveKeyRing(house.keyRingFile),
            clock: house.clock.clock)
        #expect(try restore(signed).problems.isEmpty)
        try house.use { keeper in
            house.clock.advance(by: 4000)
            try house.call(keeper, as: "alice")
        }
        let last = house.network.sent(to: "https://provider.test/token").last
        #expect(last?.form["client_assertion"] != nil)
    }

    @Test func `nothing is restored while a process has the database open`() throws {
        try house.use { _ in
            guard
                case .conflict(.databaseInUse, _)? = #expect(
                    throws: InputError.self, performing: { try restore() })
            else { return }
        }
        _ = try restore()
    }

    @Test func `all users are signed out`() throws {
        _ = try restore()
        let database = try Database(path: house.databasePath, migrations: Schema.migrations)
        #expect(try database.read { try $0.number("SELECT count(*) FROM session") } == 0)
    }

    @Test func `tokens that were refreshed since are kept, the old ones do not come back`() throws {
        try house.use { keeper in
            house.clock.advance(by: 4000)
            try house.call(keeper, as: "alice")
        }
        #expect(try restore().tookOver)
        try house.use { keeper in
            house.clock.advance(by: 4000)
            try house.call(keeper, as: "alice")
        }
        let refreshes = house.network.sent(to: "https://provider.test/token")
            .compactMap { $0.form["refresh_token"] }
        #expect(refreshes == ["refresh-1", "refresh-3"])
    }

    @Test func `a connection that was ended since stays unusable, one that was made since is kept`()
        throws
    {
        try house.use { keeper in
            try keeper.disconnector.disconnect("drive", by: TestKeeper.user("alice"))
            _ = try keeper.handOver(["code": "c"], to: "drive", by: TestKeeper.user("carol"))
        }
        _ = try restore()
        try house.use { keeper in
            #expect(throws: ConnectionsError.self) { try house.call(keeper, as: "alice") }
            try house.call(keeper, as: "carol")
            try house.call(keeper, as: "bob")
        }
    }

    @Test func `the rows of a restored database are counted`() throws {
        try house.use { keeper in
            house.clock.advance(by: 4000)
            try house.call(keeper, as: "alice")
            try keeper.disconnector.disconnect("drive", by: TestKeeper.user("bob"))
            _ = try keeper.handOver(["code": "c"], to: "drive", by: TestKeeper.user("carol"))
        }
        _ = try restore()
        let database = try Database(path: house.databasePath, migrations: Schema.migrations)
        let counts = try database.read { try RowCounts($0) }
        #expect(counts[.activeConnection] == 2)
        #expect(counts[.reauthorizationRequiredConnection] == 1)
    }

    @Test func `a key that was revoked since stays revoked`() throws {
        try house.use { keeper in
            for key in try keeper.apiKeys.list() { _ = try keeper.apiKeys.revoke(id: key.id) }
            _ = try keeper.apiKeys.create(userID: "app", isSuperuser: false, name: "new")
        }
        _ = try restore()
        try house.use { keeper in
            let names = try keeper.apiKeys.list().map(\.name)
            #expect(names == ["new"])
        }
    }

    @Test func `another database gives nothing to a backup that is not its own`() throws {
        try house.lose()
        try house.use { _ in }
        #expect(try !restore().tookOver)
        try house.use { try house.call($0, as: "alice") }
    }

    @Test func `a damaged database is replaced, and kept as it is`() throws {
        try house.lose()
        try Data("no database at all, but long enough to be looked at".utf8)
            .write(to: URL(fileURLWithPath: house.databasePath))
        let outcome = try restore()
        #expect(!outcome.tookOver)
        let kept = try #require(outcome.kept)
        #expect(try String(contentsOfFile: kept, encoding: .utf8).hasPrefix("no database"))
        try house.use { try house.call($0, as: "alice") }
    }

    @Test func `a damaged backup is refused, and nothing changes`() throws {
        let handle = try #require(FileHandle(forWritingAtPath: backup))
        try handle.seek(toOffset: 5000)
        try handle.write(contentsOf: Data(repeating: 0xAA, count: 20_000))
        try handle.close()
        #expect(throws: StorageError.self) { try restore() }
        try house.use { try house.call($0, as: "alice") }
        let names = try FileManager.default.contentsOfDirectory(atPath: house.directory.path)
        #expect(!names.contains { $0.contains("restoring") })
    }

    @Test func `an old backup needs the old key, and it is said which`() throws {
        let old = try house.keyRingFile.read().ids[0]
        try house.use { keeper in
            _ = try keeper.vaultMaintenance.rotate()
            _ = try keeper.vaultMaintenance.retire(old)
        }
        let error = #expect(throws: VaultError.self) { try restore() }
        guard case .sealBroken(let problem)? = error else { return }
        #expect(problem.contains(old))
        try house.use { try house.call($0, as: "alice") }
    }

    @Test func `check finds a row that does not open`() throws {
        try house.use { keeper in
            let problems = try keeper.deepCheck.problems()
            #expect(problems == [])
        }
        let database = try Database(path: house.databasePath, migrations: Schema.migrations)
        try database.write { transaction in
            try transaction.execute(
                """
                UPDATE connection SET credential =
                    (SELECT credential FROM connection WHERE holder = 'bob')
                WHERE holder = 'alice'
                """)
        }
        try house.use { keeper in
            let problems = try keeper.deepCheck.problems()
            #expect(problems.count == 1)
            #expect(problems.first?.contains("credential") == true)
        }
    }
}

/// A database that nobody has open but for the length of a closure.
private struct ClosableKeeper {
    let directory: TemporaryDirectory
    let clock = TestClock()
    let network = FakeNetwork()
    let keyRingFile: KeyRingFile

    init() throws {
        directory = try TemporaryDirectory()
        keyRingFile = KeyRingFile(path: directory.file("keys"))
        try directory.write(KeyRing.newText(), to: "keys", mode: 0o600)
    }

    var databasePath: String { directory.file("keeper.db") }

    func use(_ body: (Keeper) throws -> Void) throws {
        try body(
            try Keeper(
                settings: KeeperSettings(publicBaseURL: TestKeeper.publicBaseURL),
                databasePath: databasePath, keyRing: LiveKeyRing(keyRingFile),
                transport: network, clock: clock.clock, logger: TestKeeper.silence))
    }

    func call(_ keeper: Keeper, as user: String) throws {
        let answer = try keeper.relay(
            ProxyCall(
                method: .get, target: .url("/files", parameters: Form()),
                headers: .written([]), body: .none),
            through: "drive", by: TestKeeper.user(user))
        #expect(answer.status.code == 200)
    }

    /// The disk that it was on is gone.
    func lose() throws {
        for end in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: databasePath + end)
        }
    }
}
