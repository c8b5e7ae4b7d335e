import Foundation
import Storage
import Testing

struct MigrationTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func version(_ database: Database) throws -> Int64 {
        try database.read { try $0.number("PRAGMA user_version") }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `a new file gets every step, and no other user may read it`() throws {
        let database = try scratch.open([Scratch.notes, Scratch.stars])
        #expect(try version(database) == 2)
        try database.add("one")
        #expect(try database.read { try $0.number("SELECT stars FROM note") } == 3)
        for suffix in ["", "-wal", "-shm"] {
            #expect(try mode(scratch.path + suffix) == 0o600, "\(suffix)")
        }
    }

    @Test func `opening again changes nothing`() throws {
        try scratch.open().add("kept")
        #expect(try scratch.open().texts() == ["kept"])
        #expect(try version(scratch.open()) == 1)
    }

    @Test func `an older file gets the steps that it lacks, its rows kept`() throws {
        try scratch.open().add("old")
        let database = try scratch.open([Scratch.notes, Scratch.stars])
        #expect(try database.texts() == ["old"])
        #expect(try database.read { try $0.number("SELECT stars FROM note") } == 3)
        #expect(try version(database) == 2)
    }

    @Test func `a newer file is refused, in words, and left as it is`() throws {
        try scratch.open([Scratch.notes, Scratch.stars]).add("newer")
        do {
            _ = try scratch.open([Scratch.notes])
            Issue.record("it was opened")
        } catch let error as StorageError {
            #expect(error.kind == .schemaTooNew)
            #expect(error.message.contains("schema 2"))
        }
        #expect(try version(scratch.open([Scratch.notes, Scratch.stars])) == 2)
    }

    @Test func `steps that fail leave the file as it was`() throws {
        try scratch.open().add("old")
        let broken = Migration("ALTER TABLE note ADD COLUMN half TEXT; SELECT nonsense")
        #expect(
            try kind { _ = try scratch.open([Scratch.notes, Scratch.stars, broken]) } == .other)
        let database = try scratch.open()
        #expect(try version(database) == 1)
        let columns = try database.read { try $0.all("PRAGMA table_info(note)") { $0.text(1) } }
        #expect(columns == ["id", "text", "data"])
    }

    @Test func `many may open a new file at the same moment`() throws {
        let failures = together(8) { [scratch] number in
            try scratch.open([Scratch.notes, Scratch.stars]).add("\(number)")
        }
        #expect(failures == [])
        #expect(try Set(scratch.open([Scratch.notes, Scratch.stars]).texts()).count == 8)
    }

    @Test func `what others may read is theirs no longer`() throws {
        _ = FileManager.default.createFile(
            atPath: scratch.path, contents: nil, attributes: [.posixPermissions: 0o644])
        _ = try scratch.open()
        #expect(try mode(scratch.path) == 0o600)
    }
}
