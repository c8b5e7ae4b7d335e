#if canImport(Glibc)
    import Glibc
#endif

/// Writes files that exist whole or not at all, also after a power failure.
package enum DurableFile {
    /// Replaces a file's text. A process that reads meanwhile sees the old or the new one.
    ///
    /// - Parameter path: The path of an existing file; its mode and its owner stay.
    /// - Throws: ``StorageError``; the old file is then untouched.
    package static func replace(_ path: String, with text: String) throws(StorageError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw StorageError.system("look at", path: path) }
        let draft = path + ".new"
        unlink(draft)
        do throws(StorageError) {
            try write(text, to: draft, like: status)
            guard rename(draft, path) == 0 else { throw StorageError.system("replace", path: path) }
        } catch {
            unlink(draft)
            throw error
        }
        syncFolder(of: path)
    }

    /// Makes an empty file (mode 0600), of the same owner as another.
    ///
    /// - Throws: ``StorageError``, also when there is such a file already.
    package static func create(_ path: String, like other: String) throws(StorageError) {
        var status = stat()
        guard stat(other, &status) == 0 else { throw StorageError.system("look at", path: other) }
        status.st_mode = 0o600
        try write("", to: path, like: status)
        syncFolder(of: path)
    }

    /// Syncs a folder, so that its names outlive a power failure.
    package static func syncFolder(of path: String) {
        let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// Waits until a file's content is on the disk.
    static func sync(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.system("open", path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError.system("write", path: path) }
    }

    private static func write(
        _ text: String, to path: String, like status: stat
    ) throws(StorageError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.system("make", path: path) }
        defer { close(descriptor) }
        let isOurs = status.st_uid == geteuid() && status.st_gid == getegid()
        guard isOurs || fchown(descriptor, status.st_uid, status.st_gid) == 0 else {
            throw StorageError.system("keep the owner of", path: path)
        }
        guard fchmod(descriptor, status.st_mode & 0o7777) == 0 else {
            throw StorageError.system("keep the mode of", path: path)
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw StorageError.system("write", path: path) }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw StorageError.system("write", path: path) }
    }
}
