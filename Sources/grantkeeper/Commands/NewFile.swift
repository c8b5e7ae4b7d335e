import Glibc

/// Files and folders that a command makes, with their permissions from the first moment.
package enum NewFile {
    /// Makes a folder, and those above it, where they don't exist.
    package static func makeFolder(_ path: String, mode: UInt32) throws {
        guard !path.isEmpty, access(path, F_OK) != 0 else { return }
        if let slash = path.lastIndex(of: "/") {
            try makeFolder(String(path[..<slash]), mode: mode)
        }
        guard mkdir(path, mode) == 0 || errno == EEXIST else {
            throw CommandFailure("\(path) can't be made: \(String(cString: strerror(errno))).")
        }
    }

    /// Writes a file that must not exist yet, durably.
    package static func write(_ text: String, to path: String, mode: UInt32) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw failure(path) }
            rest = rest.dropFirst(written)
        }
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw failure(path) }
    }

    /// Makes a user the owner, with that user's own group.
    ///
    /// - Returns: `false` when there is no such user.
    package static func give(_ path: String, to user: String) throws -> Bool {
        guard let entry = getpwnam(user)?.pointee else { return false }
        guard chown(path, entry.pw_uid, entry.pw_gid) == 0 else { throw failure(path) }
        return true
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path) can't be written: \(String(cString: strerror(errno))).")
    }
}
