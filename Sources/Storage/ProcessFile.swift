import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// A file of one process beside the database: a lock that others can see, and reserved space on the
/// disk, for records that the database cannot take.
///
/// The kernel releases the lock when the process ends, in whatever way (flock(2)), so that no one
/// has to guess from a time whether it still lives.
final class ProcessFile: Sendable {
    private static let capacity = 1 << 20
    let id: String
    private let path: String
    /// The descriptor: open, and locked, as long as this object exists.
    private let descriptor: Int32

    /// Makes the file, and takes the lock and the space. It gets its name last: no one sees it
    /// unlocked.
    ///
    /// - Throws: ``StorageError``.
    init(id: String, besides database: String) throws(StorageError) {
        self.id = id
        path = Self.path(id, besides: database)
        let draft = path + ".new"
        descriptor = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        // From here on deinit closes it, also when this throws.
        guard descriptor >= 0 else { throw StorageError.system("make", path: draft) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw StorageError.system("lock", path: draft)
        }
        errno = posix_fallocate(descriptor, 0, Self.capacity)
        guard errno == 0, rename(draft, path) == 0 else {
            let failure = StorageError.system("take room for", path: draft)
            unlink(draft)
            throw failure
        }
    }

    /// Takes over the file of a process that ended; the first caller gets it.
    ///
    /// - Returns: `nil` when the process lives, or when its file is gone.
    init?(ofEnded id: String, besides database: String) {
        self.id = id
        path = Self.path(id, besides: database)
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Replaces the records. The space for them is reserved: this works on a full disk.
    ///
    /// - Throws: ``StorageError`` when they are too long in all, or the disk fails.
    func write(_ records: [[UInt8]], durably: Bool) throws(StorageError) {
        let bytes = records.flatMap { Self.length($0.count) + $0 } + Self.length(0)
        guard bytes.count <= Self.capacity else {
            throw StorageError(kind: .full, message: "no room left in \(path)")
        }
        let written = pwrite(descriptor, bytes, bytes.count, 0)
        guard written == bytes.count, !durably || fdatasync(descriptor) == 0 else {
            throw StorageError.system("write", path: path)
        }
    }

    /// Returns the records that were written last. A record that was cut short in writing is left
    /// out, or does not open.
    func records() -> [[UInt8]] {
        Self.records(in: descriptor)
    }

    /// The records of a process that may still live; none when its file is gone.
    ///
    /// - Throws: ``StorageError`` when they cannot be read.
    static func readRecords(
        of id: String, besides database: String
    ) throws(StorageError) -> [[UInt8]] {
        let path = path(id, besides: database)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw StorageError.system("read", path: path)
        }
        defer { close(descriptor) }
        return records(in: descriptor)
    }

    private static func records(in descriptor: Int32) -> [[UInt8]] {
        var bytes = [UInt8](repeating: 0, count: capacity)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        var rest = bytes.prefix(max(0, count))
        var records: [[UInt8]] = []
        while rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard length > 0, length <= rest.count else { break }
            records.append([UInt8](rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return records
    }

    func remove() {
        unlink(path)
    }

    /// Whether the file still has the name by which others find it.
    var isInPlace: Bool {
        var ours = stat()
        var theirs = stat()
        return fstat(descriptor, &ours) == 0 && stat(path, &theirs) == 0
            && ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev
    }

    /// Whether the process of that id lives, as far as can be told: a process whose file cannot be
    /// examined counts as living.
    static func isAlive(_ id: String, besides database: String) -> Bool {
        let descriptor = open(path(id, besides: database), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// The ids of every process that has a file, ended ones included.
    static func all(besides database: String) -> [String] {
        let prefix = path("", besides: database)
        let directory = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? "."
        let name = prefix.split(separator: "/").last ?? ""
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix(name) && !$0.hasSuffix(".new") }
            .map { String($0.dropFirst(name.count)) }
    }

    private static func path(_ id: String, besides database: String) -> String {
        "\(database)-process-\(id)"
    }

    private static func length(_ count: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(count).bigEndian) { [UInt8]($0) }
    }
}
