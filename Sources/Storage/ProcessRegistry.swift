import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// This process among those that share a database: the others can tell whether it lives, and find
/// the records that it left behind.
package final class ProcessRegistry: Sendable {
    /// The id of this process; no other ever had it.
    package let id: String
    private let database: String
    private let file = Mutex<ProcessFile?>(nil)

    /// - Parameters:
    ///   - database: The path of the database's file.
    ///   - id: Letters, digits and `-`; drawn at random.
    package init(database: String, id: String) {
        // Resolved, so that every process looks in the same place, by any name of the file.
        let real = realpath(database, nil)
        defer { free(real) }
        self.database = real.map { String(cString: $0) } ?? database
        self.id = id
    }

    /// Shows the others that this process lives, from now on until it ends. To be called before
    /// each action that relies on it: it costs two look-ups of a file.
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

    /// Ends this process for the others. Its records stay for them to find.
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
    package var allIDs: [String] { ProcessFile.all(besides: database) }

    /// Returns the records of another process, which may still live.
    ///
    /// - Throws: ``StorageError``.
    package func records(of id: String) throws -> [[UInt8]] {
        try ProcessFile.readRecords(of: id, besides: database)
    }

    /// Hands out the records of processes that ended, and then removes them. Two callers at the
    /// same time get different ones.
    ///
    /// - Parameter body: Returns whether they are dealt with; otherwise they stay for another time,
    ///   as they do when it throws.
    package func recover(_ body: (_ id: String, _ records: [[UInt8]]) throws -> Bool) rethrows {
        for id in ProcessFile.all(besides: database) where id != self.id {
            guard let ended = ProcessFile(ofEnded: id, besides: database) else { continue }
            if try body(id, ended.records()) { ended.remove() }
        }
    }
}
