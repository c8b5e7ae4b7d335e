import Storage
import Synchronization
import Testing

/// An answer that is remembered.
private final class Answer<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}

final class ReadMemoryTests: Sendable {
    private let scratch: Scratch
    private let database: Database
    /// How often the database was really asked.
    private let reads = Atomic(0)
    private let committed = Atomic(0)

    init() throws {
        scratch = try Scratch()
        database = try scratch.open()
        try database.add("first")
    }

    /// The text of the note of that number.
    private func text(
        _ number: UInt8, _ database: Database, asOf moment: ContinuousClock.Instant = .now
    ) throws -> String? {
        let answer = try database.remembered(ReadKey("text", [number]), asOf: moment) { reader in
            reads.add(1, ordering: .relaxed)
            return try reader.first(
                "SELECT text FROM note WHERE id = :id", ["id": .integer(Int64(number))]
            ) { Answer($0.text(0)) }
        }
        return answer?.value
    }

    private func rename(to text: String) throws {
        _ = try database.write {
            try $0.execute("UPDATE note SET text = :new WHERE id = 1", ["new": .text(text)])
        }
    }

    @Test func `what has not changed is read once`() throws {
        for _ in 0..<3 { #expect(try text(1, database) == "first") }
        #expect(reads.load(ordering: .relaxed) == 1)
    }

    @Test func `each question has its own answer`() throws {
        try database.add("second")
        #expect(try text(1, database) == "first")
        #expect(try text(2, database) == "second")
        #expect(try database.remembered(ReadKey("other", [1])) { _ in Answer(7) }?.value == 7)
    }

    @Test func `after a commit everything is read again, whatever was changed`() throws {
        #expect(try text(1, database) == "first")
        try database.add("second")
        #expect(try text(1, database) == "first")
        #expect(reads.load(ordering: .relaxed) == 2)
    }

    @Test func `a change counts at once, another process's too`() throws {
        let neighbour = try scratch.open()
        for number in 0..<20 {
            let new = "version \(number)"
            try (number % 2 == 0 ? database : neighbour).write {
                try $0.execute("UPDATE note SET text = :new WHERE id = 1", ["new": .text(new)])
            }
            #expect(try text(1, database) == new)
            #expect(try text(1, neighbour) == new)
        }
    }

    @Test func `what is committed while it is read is not remembered as old`() throws {
        let old = try database.remembered(ReadKey("text", [1])) { reader in
            let text = try reader.first("SELECT text FROM note WHERE id = 1") {
                Answer($0.text(0))
            }
            try rename(to: "new")
            return text
        }
        #expect(old?.value == "first")
        #expect(try text(1, database) == "new")
    }

    @Test func `a change that is undone is none`() throws {
        struct Refusal: Error {}
        #expect(try text(1, database) == "first")
        #expect(throws: Refusal.self) {
            try database.write {
                try $0.execute("UPDATE note SET text = 'new' WHERE id = 1")
                #expect(try text(1, database) == "first")
                throw Refusal()
            }
        }
        #expect(try text(1, database) == "first")
        #expect(reads.load(ordering: .relaxed) == 1)
    }

    @Test func `what is not there is asked for again`() throws {
        for _ in 0..<2 { #expect(try text(9, database) == nil) }
        #expect(reads.load(ordering: .relaxed) == 2)
    }

    @Test func `many questions are answered, and what was asked long ago is read again`() throws {
        #expect(try text(1, database) == "first")
        for number in 0..<1000 {
            let key = ReadKey("number", [UInt8(number / 256), UInt8(number % 256)])
            #expect(try database.remembered(key) { _ in Answer(number) }?.value == number)
        }
        #expect(try text(1, database) == "first")
        #expect(reads.load(ordering: .relaxed) == 2)
    }

    @Test func `a request looks for changes once, and sees what was committed before it`() throws {
        let first = ContinuousClock.now
        #expect(try text(1, database, asOf: first) == "first")
        try rename(to: "second")
        #expect(try text(1, database, asOf: first) == "first")
        #expect(try text(1, database, asOf: .now) == "second")
    }

    @Test func `a later request's look counts for an earlier one`() throws {
        let first = ContinuousClock.now
        #expect(try text(1, database, asOf: first) == "first")
        try rename(to: "second")
        #expect(try text(1, database, asOf: .now) == "second")
        #expect(try text(1, database, asOf: first) == "second")
        #expect(reads.load(ordering: .relaxed) == 2)
    }

    @Test func `an earlier request's look does not count for a later one`() throws {
        let first = ContinuousClock.now
        try rename(to: "second")
        let later = ContinuousClock.now
        #expect(try text(1, database, asOf: first) == "second")
        try rename(to: "third")
        #expect(try text(1, database, asOf: later) == "third")
    }

    @Test func `a reader sees all that was committed before it asked`() throws {
        let failures = together(5) { [self] thread in
            for number in 1...200 {
                if thread == 0 {
                    try database.write {
                        try $0.execute(
                            "UPDATE note SET text = :new WHERE id = 1", ["new": .text("\(number)")])
                    }
                    committed.store(number, ordering: .sequentiallyConsistent)
                } else {
                    let least = committed.load(ordering: .sequentiallyConsistent)
                    let seen = try text(1, database).flatMap(Int.init) ?? 0
                    #expect(seen >= least)
                }
            }
        }
        #expect(failures == [])
    }
}
