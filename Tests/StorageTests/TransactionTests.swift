import Storage
import Testing

struct TransactionTests {
    private let scratch: Scratch
    private let database: Database

    private struct Refusal: Error {}

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
    }

    @Test func `what throws is undone`() throws {
        try database.add("before")
        #expect(throws: Refusal.self) {
            try database.write { transaction in
                try transaction.execute("INSERT INTO note (text) VALUES ('lost')")
                try transaction.execute("DELETE FROM note WHERE text = 'before'")
                throw Refusal()
            }
        }
        #expect(try database.texts() == ["before"])
        try database.add("after")
        #expect(try database.texts() == ["before", "after"])
    }

    @Test func `a statement that fails takes the whole transaction with it`() throws {
        try database.add("taken")
        let failure = try kind {
            try database.write { transaction in
                try transaction.execute("INSERT INTO note (text) VALUES ('first')")
                try transaction.execute("INSERT INTO note (text) VALUES ('taken')")
            }
        }
        #expect(failure == .constraint)
        #expect(try database.texts() == ["taken"])
    }

    @Test func `a transaction sees its own changes, and others only what is committed`() throws {
        try database.write { transaction in
            try transaction.execute("INSERT INTO note (text) VALUES ('mine')")
            #expect(try transaction.number("SELECT count(*) FROM note") == 1)
            #expect(try database.texts() == [])
        }
        #expect(try database.texts() == ["mine"])
    }

    @Test func `each select of a read sees the newest commit, another process's too`() throws {
        let neighbour = try scratch.open()
        try database.read { reader in
            #expect(try reader.number("SELECT count(*) FROM note") == 0)
            try neighbour.add("new")
            #expect(try reader.number("SELECT count(*) FROM note") == 1)
        }
    }

    @Test func `writers wait for each other, and none is turned away`() throws {
        let neighbour = try scratch.open()
        let failures = together(4) { [database] number in
            for round in 0..<25 {
                try (number % 2 == 0 ? database : neighbour).write { transaction in
                    // Read first: a transaction that begins deferred would fail here.
                    let count = try transaction.number("SELECT count(*) FROM note")
                    try transaction.execute(
                        "INSERT INTO note (text) VALUES (:text)",
                        ["text": .text("\(number) \(round) \(count)")])
                }
            }
        }
        #expect(failures == [])
        #expect(try database.texts().count == 100)
    }

    @Test func `execute says how many rows it changed`() throws {
        try database.add("a")
        try database.add("b")
        #expect(try database.write { try $0.execute("UPDATE note SET data = x'00'") } == 2)
        #expect(try database.write { try $0.execute("DELETE FROM note WHERE id > 99") } == 0)
    }

    @Test func `values come back as they were bound, by name`() throws {
        let text = "ü\u{301} ' ; -- end"
        try database.write { transaction in
            try transaction.execute(
                "INSERT INTO note (data, text, id) VALUES (:data, :text, :id)",
                ["id": 7, "text": .text(text), "data": .blob([0, 1, 255])])
            try transaction.execute(
                "INSERT INTO note (id, text, data) VALUES (:id, :text, :data)",
                ["id": 8, "text": "", "data": .blob(orNull: nil)])
        }
        try database.read { reader in
            let first = try reader.first(
                "SELECT id, text, data FROM note WHERE id = :id", ["id": 7]
            ) { ($0.integer(0), $0.text(1), $0.blob(2)) }
            #expect(first?.0 == 7)
            #expect(first?.1.utf8.elementsEqual(text.utf8) == true)
            #expect(first?.2 == [0, 1, 255])
            let second = try reader.first("SELECT data, text FROM note WHERE id = 8") {
                ($0.blobOrNil(0), $0.textOrNil(1))
            }
            #expect(second?.0 == nil)
            #expect(second?.1 == "")
            #expect(try reader.first("SELECT id FROM note WHERE id = 9") { $0.integer(0) } == nil)
        }
    }

    @Test func `a probe of writing changes nothing`() throws {
        try database.probeWriting()
        #expect(try database.read { try $0.number("PRAGMA user_version") } == 1)
    }
}
