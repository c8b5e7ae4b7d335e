import Connections
import Encoding
import Foundation
import Keeper
import Primitives
import Proxying
import Storage
import Synchronization
import TestSupport
import Testing
import Vault

/// Databases of other versions (RELIABILITY 12).
struct SchemaTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("keeper.db")
    }

    /// A database as the first version wrote it.
    private static let oldRows = [
        "INSERT INTO sealingKey VALUES ('k', x'00')",
        """
        INSERT INTO integration
            (id, slug, mode, definition, clientSecret, revision, createdAt, updatedAt)
        VALUES ('integration-1', 'drive', 'per-user', '{}', NULL, 1, 10, 20)
        """,
        """
        INSERT INTO connection
            (id, integrationId, holder, ownerId, status, statusReason, statusSince, credential,
             scope, tokenExpiresAt, refreshTokenExpiresAt, data, generation, lastAuthorizedAt,
             createdAt, updatedAt)
        VALUES ('conn-1', 'integration-1', 'alice', 'alice', 'active', NULL, 10, x'01016B', 'files',
            100, NULL, '{}', 7, 10, 10, 20)
        """,
        "INSERT INTO apiKey VALUES (x'02', 'key-1', 'app', 'app', 1, NULL, 10)",
        """
        INSERT INTO revocation
            (id, integrationId, endpoint, credential, attempts, nextAttemptAt, expiresAt, createdAt)
        VALUES ('revocation-1', 'integration-1', '{}', x'01016B', 2, 30, 40, 10)
        """,
    ]

    private static let content = [
        "SELECT group_concat(id || slug || mode || definition || revision) FROM integration",
        """
        SELECT group_concat(id || holder || ownerId || status || hex(credential) || scope
            || tokenExpiresAt || data || generation || createdAt || updatedAt) FROM connection
        """,
        "SELECT group_concat(hex(keyHash) || id || name || userId || isSuperuser) FROM apiKey",
        "SELECT group_concat(id || endpoint || hex(credential) || attempts) FROM revocation",
    ]

    private func content(_ database: Database) throws -> [String] {
        try database.read { reader in
            try Self.content.map { try reader.first($0) { $0.text(0) } ?? "" }
        }
    }

    @Test(arguments: 1..<Schema.migrations.count)
    func `RELIABILITY 12: an older database is brought up to date with equal data`(
        version: Int
    ) throws {
        var before: [String] = []
        do {
            let old = try Database(
                path: path, migrations: Array(Schema.migrations.prefix(version)))
            try old.write { transaction in
                for row in Self.oldRows { try transaction.execute(row) }
            }
            before = try content(old)
        }
        #expect(!before.contains(""))
        let new = try Database(path: path, migrations: Schema.migrations)
        #expect(try content(new) == before)
        #expect(try new.problems() == [])
        let counts = try new.read { try RowCounts($0) }
        #expect(RowCounts.Kind.allCases.map { counts[$0] } == [1, 0, 0, 0, 1, 0])
        #expect(
            try new.read { try $0.number("PRAGMA user_version") }
                == Int64(Schema.migrations.count))
    }

    private static let schemas = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Faults/Schemas").standardized

    /// A database as a service of that version left it (Tests/Faults/make-schema).
    private func dump(_ version: Int) throws -> (sql: String, keyRing: String) {
        let text = try String(
            contentsOf: Self.schemas.appending(path: "\(version).sql"), encoding: .utf8)
        let lines = text.split(separator: "\n")
        let keyRing = lines.first { $0.hasPrefix("-- key ring: ") }?.dropFirst(13) ?? ""
        let sql = lines.filter { line in
            !["PRAGMA ", "BEGIN TRANSACTION", "COMMIT"].contains(where: line.hasPrefix)
        }
        return (sql.joined(separator: "\n"), String(keyRing) + "\n")
    }

    @Test(arguments: 3...4)
    func `RELIABILITY 12: what an older service left is read, served and revoked`(
        version: Int
    ) throws {
        let (sql, keyRing) = try dump(version)
        try directory.write(keyRing, to: "keys", mode: 0o600)
        _ = try Database(
            path: path,
            migrations: Array(repeating: Migration("SELECT 1"), count: version - 1)
                + [Migration(sql)])
        let network = FakeNetwork()
        var settings = KeeperSettings(publicBaseURL: TestKeeper.publicBaseURL)
        settings.allowsHTTP = true
        let keeper = try Keeper(
            settings: settings, databasePath: path,
            keyRing: LiveKeyRing(KeyRingFile(path: directory.file("keys"))), transport: network,
            clock: TestClock(1_800_000_000).clock, logger: TestKeeper.silence)
        let list = try keeper.integrations.list(for: TestKeeper.root, start: 0, limit: 10)
        #expect(list.page.map(\.slug) == ["kept", "mock"])
        let mock = try #require(list.page.last).definition
        #expect(mock.scope == "files.read files.write")
        #expect(mock.usesPKCE)
        for slug in ["kept", "mock"] {
            let answer = try keeper.relay(
                ProxyCall(
                    method: .get, target: .url("/files", parameters: Form()),
                    headers: .written([]), body: .none),
                through: slug, by: TestKeeper.user("alice"))
            #expect(answer.status.code == 200)
        }
        #expect(throws: ConnectionsError.self) {
            try keeper.connections.find("mock", for: TestKeeper.user("carol"))
        }
        try keeper.background.round()
        let revocations = network.sent(to: "http://127.0.0.1:9/revoke")
        #expect(
            revocations.compactMap { $0.form["token_type_hint"] }.prefix(2) == [
                "refresh_token", "access_token",
            ])
        #expect(revocations.first?.form["client_id"] == "grantkeeper-tests")
        #expect(try keeper.revocations.list().isEmpty)
        let error = #expect(throws: InputError.self) {
            try keeper.integrations.update("mock", confirmed: false)
        }
        guard case .conflict(.integrationComplete, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `RELIABILITY 12: of those that migrate at once, one does`() throws {
        _ = try Database(path: path, migrations: Array(Schema.migrations.prefix(1)))
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                _ = try Database(path: path, migrations: Schema.migrations)
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let database = try Database(path: path, migrations: Schema.migrations)
        #expect(try database.read { try $0.number("SELECT count(*) FROM lineage") } == 1)
    }

    @Test func `RELIABILITY 12: a newer database is refused with a sentence`() throws {
        _ = try Database(path: path, migrations: Schema.migrations + [Migration("SELECT 1")])
        let error = #expect(throws: StorageError.self) {
            try Database(path: path, migrations: Schema.migrations)
        }
        #expect(error?.kind == .schemaTooNew)
        #expect(error?.description.contains("newer version") == true)
    }
}
