import Foundation
import Storage

/// The file of the key ring, which commands change, and which serving processes watch.
package struct KeyRingFile: Sendable {
    package let path: String
    /// Whether it is a systemd credential: a copy for this process that does not change, and whose
    /// permissions are up to systemd (it may grant a group mask through an access list).
    package let isCredential: Bool

    package init(path: String, isCredential: Bool = false) {
        self.path = path
        self.isCredential = isCredential
    }

    /// - Throws: ``KeyRingError``, which says what to change.
    package func read() throws(KeyRingError) -> KeyRing {
        guard isCredential else { return try KeyRing(file: path) }
        return try KeyRing(reading: path)
    }

    /// The properties that tell one version of the file from another; `nil` when there is no file.
    package struct Stamp: Equatable {
        let inode: UInt64
        let size: Int64
        let changedAt: [Int]
    }

    var stamp: Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            inode: UInt64(status.st_ino), size: Int64(status.st_size),
            changedAt: [status.st_ctim.tv_sec, status.st_ctim.tv_nsec])
    }

    /// Changes the file. A process that reads it meanwhile sees the whole old or the whole new one;
    /// a process that wants to change it meanwhile waits.
    ///
    /// - Parameter body: Makes the new text from the old one.
    /// - Throws: ``KeyRingError``, `StorageError`, and the errors of the closure.
    func change(_ body: (KeyRingText) throws -> KeyRingText) throws {
        guard !isCredential else {
            throw KeyRingError(
                "the key ring \(path) is a systemd credential, which cannot be changed here")
        }
        // A link to the file stays a link.
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let lock = try lock(real)
        defer { close(lock) }
        let old = try read().text
        let new = try body(old)
        _ = try KeyRing(text: new.text)
        if new.text != old.text { try DurableFile.replace(real, with: new.text) }
    }

    /// Locks the current file; one that was replaced during the wait is released.
    private func lock(_ real: String) throws(KeyRingError) -> Int32 {
        while true {
            let descriptor = open(real, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
                throw KeyRingError("cannot lock the key ring \(path)")
            }
            var (locked, there) = (stat(), stat())
            if fstat(descriptor, &locked) == 0, stat(real, &there) == 0,
                locked.st_ino == there.st_ino, locked.st_dev == there.st_dev
            {
                return descriptor
            }
            close(descriptor)
        }
    }
}
