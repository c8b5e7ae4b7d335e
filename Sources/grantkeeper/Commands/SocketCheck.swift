import Configuration
import Glibc

/// Tries the socket that nginx is to connect to.
struct SocketCheck {
    private let socket: Configuration.Socket

    init(_ socket: Configuration.Socket) {
        self.socket = socket
    }

    /// Prints the result.
    ///
    /// - Throws: ``CommandFailure`` when the service could not listen there.
    func run() throws {
        let path = socket.path
        if let group = socket.group, gid_t(group) == nil, getgrnam(group) == nil {
            throw CommandFailure("socket.group: there is no group \(group).")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return try checkFolder() }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw CommandFailure("socket.path: \(path) exists and is not a socket.")
        }
        switch connectionError() {
        case nil: Output.result("socket         ok: \(path), the service is running")
        case EACCES?:
            Output.result("socket         \(path) is there; this user may not connect to it")
        default: try checkFolder()
        }
    }

    private func checkFolder() throws {
        let folder = socket.path.lastIndex(of: "/").map { String(socket.path[..<$0]) } ?? "."
        guard access(folder.isEmpty ? "/" : folder, W_OK | X_OK) == 0 else {
            let error = errno
            let remark = error == ENOENT ? " systemd makes it when it passes the socket." : ""
            throw CommandFailure(
                "socket.path: no socket can be made in \(folder):"
                    + " \(String(cString: strerror(error))).\(remark)")
        }
        Output.result("socket         ok: \(socket.path), the service is not running")
    }

    private func connectionError() -> Int32? {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: Array(socket.path.utf8))
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        return result == 0 ? nil : errno
    }
}
