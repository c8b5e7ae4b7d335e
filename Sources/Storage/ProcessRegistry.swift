import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// This process among those that share a database: the others can tell whether it lives, and find
/// what it left behind.
package final class ProcessRegistry: Sendable {
    /// Names this process; no other ever had the name.
    package let id: String
    private let database: String
    private let file = Mutex<ProcessFile?>(nil)

    /// - Parameters:
    ///   - database: The path of the database's file.
    ///   - id: Letters, digits and `-`; drawn at random.
    package init(database: String, id: String) {
        // By whatever name the file is reached: all have to look in the same place.
        let real = realpath(database, nil)
        defer { free(real) }
        self.database = real.map { String(cString: $0) } ?? database
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
            try new.write(old, durably: true)
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

    /// Keeps records on the disk that the database has not taken, in place of those kept before.
    ///
    /// - Parameter durably: Whether they outlive the machine, and not only this process.
    /// - Throws: ``StorageError``.
    package func keep(_ records: [[UInt8]], durably: Bool) throws {
        try file.withLock { file in
            guard let file else {
                throw StorageError(kind: .io, message: "there is no file to keep records in")
            }
            try file.write(records, durably: durably)
        }
    }

    /// The ids of every process that has a file, ended ones and this one included.
    package var everybody: [String] { ProcessFile.all(besides: database) }

    /// What another process keeps, which may still live.
    ///
    /// - Throws: ``StorageError``.
    package func records(of id: String) throws -> [[UInt8]] {
        try ProcessFile.readRecords(of: id, besides: database)
    }

    /// Hands out what processes kept that have ended, and then does away with it. Two that ask at
    /// the same time get different ones.
    ///
    /// - Parameter body: Says whether they are done with; else they stay for another time, as they
    ///   do when it throws.
    package func recover(_ body: (_ id: String, _ records: [[UInt8]]) throws -> Bool) rethrows {
        for id in ProcessFile.all(besides: database) where id != self.id {
            guard let ended = ProcessFile(ofEnded: id, besides: database) else { continue }
            if try body(id, ended.records()) { ended.remove() }
        }
    }
}
