import Foundation
import Storage
import Testing

struct StorageErrorTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test(arguments: [
        ("INSERT INTO note (text) VALUES (NULL)", StorageError.Kind.constraint),
        ("INSERT INTO note (text) VALUES ('twice'), ('twice')", .constraint),
        ("INSERT INTO nowhere VALUES (1)", .other), ("no statement at all", .other),
    ])
    func `a statement's error has its kind`(sql: String, expected: StorageError.Kind) throws {
        let database = try scratch.open()
        #expect(try kind { try database.write { try $0.execute(sql) } } == expected)
    }

    @Test func `a bound value is in no error`() throws {
        let database = try scratch.open()
        try database.add("canary")
        do {
            try database.add("canary")
            Issue.record("it was stored twice")
        } catch {
            #expect("\(error)".contains("UNIQUE"))
            #expect(!"\(error)".contains("canary"))
            #expect(!String(reflecting: error).contains("canary"))
        }
    }

    @Test func `a foreign key that leads nowhere is a constraint`() throws {
        let database = try scratch.open([
            Scratch.notes,
            Migration("CREATE TABLE reply (id INTEGER REFERENCES note (id)) STRICT"),
        ])
        #expect(
            try kind { try database.write { try $0.execute("INSERT INTO reply VALUES (1)") } }
                == .constraint)
    }

    @Test func `what is no database is corrupt`() throws {
        let garbage = Data(repeating: 0x2A, count: 4096)
        #expect(FileManager.default.createFile(atPath: scratch.path, contents: garbage))
        #expect(try kind { _ = try scratch.open() } == .corrupt)
    }

    @Test func `a directory that is not there takes no database`() throws {
        do {
            _ = try Database(path: "\(scratch.directory)/none/test.db", migrations: [])
            Issue.record("it was opened")
        } catch let error as StorageError {
            #expect(error.message.contains("none/test.db"))
        }
    }

    @Test func `a file that may grow no more is full, and reads go on`() throws {
        let database = try scratch.open()
        try database.add("kept")
        try database.write { transaction in
            let pages = try transaction.number("PRAGMA page_count")
            _ = try transaction.number("PRAGMA max_page_count = \(pages)")
        }
        let large: Parameters = ["data": .blob([UInt8](repeating: 1, count: 100_000))]
        #expect(
            try kind {
                try database.write {
                    try $0.execute("INSERT INTO note (text, data) VALUES ('x', :data)", large)
                }
            } == .full)
        #expect(try database.texts() == ["kept"])
    }

    @Test func `a writer that waits too long for the lock is told that it is busy`() throws {
        let database = try scratch.open()
        let neighbour = try scratch.open()
        try database.write { transaction in
            try transaction.execute("INSERT INTO note (text) VALUES ('holds the lock')")
            #expect(try kind { try neighbour.add("waits") } == .busy)
        }
        #expect(try database.texts() == ["holds the lock"])
    }
}
