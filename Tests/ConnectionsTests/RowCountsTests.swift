import Connections
import Keeper
import Storage
import TestSupport
import Testing

struct RowCountsTests {
    private let house: TestKeeper
    private let database: Database

    init() throws {
        house = try TestKeeper()
        database = try house.database()
        try house.addDrive()
    }

    /// The rows, counted one by one.
    private static let counted: [RowCounts.Kind: String] = [
        .activeConnection: "connection WHERE status = 'active' AND refreshTrouble IS NULL",
        .connectionInTrouble:
            """
        connection WHERE status = 'active'
            AND NOT coalesce(json_extract(refreshTrouble, '$.isLasting'), 1)
        """,
        .refreshFailingConnection:
            "connection WHERE status = 'active' AND json_extract(refreshTrouble, '$.isLasting')",
        .reauthorizationRequiredConnection: "connection WHERE status <> 'active'",
        .waitingRevocation: "revocation WHERE afterConnection IS NULL",
        .heldBackRevocation: "revocation WHERE afterConnection IS NOT NULL",
    ]

    private func checkCounts(_ moment: String) throws {
        try database.read { reader in
            let counts = try RowCounts(reader)
            for kind in RowCounts.Kind.allCases {
                let rows = try #require(Self.counted[kind])
                let count = try reader.number("SELECT count(*) FROM \(rows)")
                #expect(counts[kind] == Int(count), "\(kind), \(moment)")
            }
        }
    }

    private func count(_ kind: RowCounts.Kind) throws -> Int {
        try database.read { try RowCounts($0)[kind] }
    }

    private static let lasting = #"'{"isLasting":true}'"#
    private static let passing = #"'{"isLasting":false}'"#

    @Test func `every change of a row is counted`() throws {
        let insert = """
            INSERT INTO connection (id, integrationId, holder, ownerId, status, statusSince,
                credential, data, generation, lastAuthorizedAt, createdAt, updatedAt)
            SELECT value, integration.id, value, value, 'active', 0, x'', '{}', 1, 0, 0, 0
            FROM integration, json_each('["a", "b", "c", "d"]') WHERE true
            """
        let revocation = """
            INSERT INTO revocation (id, integrationId, endpoint, credential, attempts,
                nextAttemptAt, expiresAt, createdAt, afterConnection)
            SELECT value, 'i', '{}', x'', 0, 0, 0, 0, iif(value = 'r', NULL, 'a')
            FROM json_each('["r", "s"]')
            """
        for change in [
            insert, insert + " ON CONFLICT (id) DO UPDATE SET status = excluded.status",
            "UPDATE connection SET refreshTrouble = \(Self.passing) WHERE id IN ('a', 'b')",
            "UPDATE connection SET refreshTrouble = \(Self.lasting) WHERE id IN ('b', 'c')",
            "UPDATE connection SET status = 'reauthorization_required' WHERE id IN ('c', 'd')",
            "UPDATE connection SET status = 'active', refreshTrouble = NULL WHERE id = 'c'",
            "UPDATE connection SET lastUsedAt = 1",
            "INSERT OR IGNORE INTO connection "
                + "SELECT * FROM connection", revocation,
            "UPDATE revocation SET afterConnection = NULL WHERE id = 's'",
            "DELETE FROM revocation WHERE id = 'r'", "DELETE FROM connection WHERE id <> 'a'",
            "DELETE FROM connection", "DELETE FROM revocation",
        ] {
            _ = try database.write { try $0.execute(change) }
            try checkCounts(change)
        }
        #expect(try count(.activeConnection) == 0)
    }

    @Test func `a change that is undone is not counted`() throws {
        struct Refusal: Error {}
        try house.connect()
        #expect(throws: Refusal.self) {
            try database.write {
                try $0.execute("DELETE FROM connection")
                throw Refusal()
            }
        }
        #expect(try count(.activeConnection) == 1)
    }

    @Test func `all processes count together`() throws {
        let neighbour = try house.neighbour()
        try house.connect()
        try house.connect("bob")
        try neighbour.disconnector.disconnect("drive", by: TestKeeper.user("bob"))
        #expect(try count(.activeConnection) == 1)
        #expect(try count(.waitingRevocation) == 1)
        #expect(
            try neighbour.statistics.read().connections.map(\.count)
                == house.keeper.statistics.read().connections.map(\.count))
        try checkCounts("two processes")
    }
}
