import Synchronization

/// This process among those that share a database: the others can tell whether it lives, and find
/// what it left behind.
package final class Presence: Sendable {
    /// Names this process; no other ever had the name.
    package let id: String
    private let database: String
    private let file = Mutex<ProcessFile?>(nil)

    /// - Parameters:
    ///   - database: The path of the database's file.
    ///   - id: Letters, digits and `-`; drawn at random.
    package init(database: String, id: String) {
        self.database = database
        self.id = id
    }

    /// Has the others see that this process lives, from now on until it ends. To be called before
    /// each thing that relies on it: it costs two looks at a file.
    ///
    /// - Throws: ``StorageError`` when the disk takes no new file.
    package func show() throws {
        try file.withLock { file in
            if file?.isInPlace == true { return }
            let old = file?.records() ?? []
            let new = try ProcessFile(id: id, besides: database)
            try new.write(old)
            file = new
        }
    }

    /// The end, as others see it from now on. What is kept stays for them to find.
    package func leave() {
        file.withLock { file in
            if file?.records().isEmpty == true { file?.remove() }
            file = nil
        }
    }

    /// Whether the process of that id lives.
    package func isAlive(_ id: String) -> Bool {
        id == self.id || ProcessFile.isAlive(id, besides: database)
    }

    /// Keeps records on the disk that the database cannot take, in place of those kept before.
    ///
    /// - Throws: ``StorageError``.
    package func keep(_ records: [[UInt8]]) throws {
        try file.withLock { file in
            guard let file else {
                throw StorageError(kind: .io, message: "there is no file to keep records in")
            }
            try file.write(records)
        }
    }

    /// The ids of every process that has a file, ended ones and this one included.
    package var everybody: [String] { ProcessFile.all(besides: database) }

    /// What another process keeps, which may still live.
    package func records(of id: String) -> [[UInt8]] {
        ProcessFile.readRecords(of: id, besides: database)
    }

    /// Hands out what processes kept that have ended, and then does away with it. Two that ask at
    /// the same time get different ones.
    ///
    /// - Parameter body: When it throws, the records stay for another time.
    package func recover(_ body: (_ id: String, _ records: [[UInt8]]) throws -> Void) rethrows {
        for id in ProcessFile.all(besides: database) where id != self.id {
            guard let ended = ProcessFile(ofEnded: id, besides: database) else { continue }
            try body(id, ended.records())
            ended.remove()
        }
    }
}
