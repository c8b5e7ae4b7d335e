import CFastCGI
import Glibc

/// A Unix socket in the file system, made with its mode and group before a client can connect.
struct SocketFile: Sendable {
    let descriptor: Int32
    private let path: String
    private let device: dev_t
    private let inode: ino_t

    /// Binds and listens.
    ///
    /// The socket is bound under a name of its own, given its mode and group, and only then renamed
    /// to `path`, which also replaces one that a dead process left. The directory is locked
    /// meanwhile, so that of two servers that start at once the second finds the first.
    ///
    /// - Throws: ``ServerError`` when the path is taken by a living server or by something that is
    ///   no socket, or when the system refuses.
    init(path: String, mode: UInt16, group: String?) throws(ServerError) {
        let directory = try Self.lockedDirectory(of: path)
        defer { close(directory) }
        try Self.requireFree(path)
        let temporary = path + "~"
        let (descriptor, status) = try Self.bind(temporary, mode: mode, group: group)
        guard rename(temporary, path) == 0 else {
            let error = ServerError.system("can't make the socket \(path)")
            unlink(temporary)
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        device = status.st_dev
        inode = status.st_ino
    }

    /// Removes the file, unless another server has put its own in its place.
    func remove() {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else {
            return
        }
        unlink(path)
    }

    private static func lockedDirectory(of path: String) throws(ServerError) -> Int32 {
        let end = path.lastIndex(of: "/")
        let directory = end.map { path[...$0] } ?? "."
        let descriptor = open(String(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("can't open the directory of \(path)") }
        while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
        return descriptor
    }

    /// Passes when nothing is there, or a socket on which no process listens any more.
    private static func requireFree(_ path: String) throws(ServerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ServerError("\(path) exists and is not a socket")
        }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
        defer { close(probe) }
        var address = try Self.address(path)
        guard call(connect, probe, &address) != 0, errno == ECONNREFUSED || errno == ENOENT else {
            throw ServerError("a server already answers on \(path)")
        }
    }

    private static func bind(
        _ path: String, mode: UInt16, group: String?
    ) throws(ServerError) -> (descriptor: Int32, status: stat) {
        var address = try Self.address(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .system("can't make a socket") }
        do throws(ServerError) {
            unlink(path)
            guard call(Glibc.bind, descriptor, &address) == 0 else {
                throw .system("can't make the socket \(path)")
            }
            try give(path, to: group)
            guard chmod(path, mode_t(mode)) == 0 else {
                throw .system("can't set the mode of \(path)")
            }
            var status = stat()
            guard lstat(path, &status) == 0, listen(descriptor, 4096) == 0 else {
                throw .system("can't listen on \(path)")
            }
            return (descriptor, status)
        } catch {
            close(descriptor)
            unlink(path)
            throw error
        }
    }

    private static func give(_ path: String, to group: String?) throws(ServerError) {
        guard let group else { return }
        guard let id = gid_t(group) ?? getgrnam(group)?.pointee.gr_gid else {
            throw ServerError("there is no group \(group)")
        }
        guard chown(path, uid_t.max, id) == 0 else {
            throw .system("can't give the socket \(path) to the group \(group)")
        }
    }

    private static func address(_ path: String) throws(ServerError) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < capacity, !bytes.contains(0) else {
            throw ServerError(
                "the socket's path is too long (at most \(capacity - 2) bytes): \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    /// Calls `bind` or `connect`.
    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32,
        _ descriptor: Int32, _ address: inout sockaddr_un
    ) -> Int32 {
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, size)
            }
        }
    }
}
