import Foundation
import Storage

/// A database of its own for a test, gone with it.
final class Scratch: Sendable {
    let directory: String

    init() throws {
        var template = Array("\(NSTemporaryDirectory())/storage-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        directory = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    var path: String { "\(directory)/test.db" }

    static let notes = Migration(
        "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, data BLOB)")
    static let stars = Migration("ALTER TABLE note ADD COLUMN stars INTEGER NOT NULL DEFAULT 3")

    func open(_ migrations: [Migration] = [notes]) throws -> Database {
        try Database(path: path, migrations: migrations)
    }
}

extension Database {
    func add(_ text: String) throws {
        try write {
            try $0.execute("INSERT INTO note (text) VALUES (:text)", ["text": .text(text)])
        }
    }

    func texts() throws -> [String] {
        try read { try $0.all("SELECT text FROM note ORDER BY id") { $0.text(0) } }
    }
}

/// The kind of the storage error that the closure throws; `nil` when it throws none.
func kind<T>(_ body: () throws -> T) throws -> StorageError.Kind? {
    do {
        _ = try body()
        return nil
    } catch let error as StorageError {
        return error.kind
    }
}

/// Runs the closure in so many threads at once, with the number of each; returns what was thrown.
func together(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) -> [String] {
    let failures = Failures()
    let group = DispatchGroup()
    for number in 0..<count {
        group.enter()
        Thread {
            do { try body(number) } catch { failures.append("\(error)") }
            group.leave()
        }.start()
    }
    group.wait()
    return failures.all
}

/// `@unchecked Sendable`: the lock guards the list.
private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [String] = []

    func append(_ text: String) { lock.withLock { list.append(text) } }
    var all: [String] { lock.withLock { list } }
}
