import Glibc

/// The listening socket that a supervisor passes (systemd's socket activation, sd_listen_fds(3)).
package enum PassedSocket {
    private static let first: Int32 = 3

    /// Its descriptor, or `nil` when none was passed to this process.
    ///
    /// - Throws: ``CommandFailure`` when there are several.
    package static func descriptor(environment: [String: String]) throws -> Int32? {
        guard let count = environment["LISTEN_FDS"],
            environment["LISTEN_PID"] == String(getpid())
        else { return nil }
        guard count == "1" else {
            throw CommandFailure("One listening socket has to be passed; LISTEN_FDS is \(count).")
        }
        // Children would hold the socket open.
        _ = fcntl(first, F_SETFD, FD_CLOEXEC)
        return first
    }
}
