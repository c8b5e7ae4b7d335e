import CFastCGI
import Glibc

/// libfcgi itself, which wants to be initialized once a process.
enum Library {
    /// Initializes the library, and restores the signal handlers.
    ///
    /// `FCGX_Init` catches SIGTERM, SIGUSR1 and SIGPIPE, after which `kill -TERM` leaves the process
    /// running: the previous handlers are restored. SIGPIPE is ignored; a write to a connection
    /// that is gone fails with EPIPE instead.
    static func initialize() throws(ServerError) {
        guard initialized == 0 else {
            throw ServerError("libfcgi could not be initialized (\(initialized))")
        }
    }

    private static let initialized: Int32 = {
        let before = [SIGTERM, SIGUSR1].map { number in
            var action = sigaction()
            sigaction(number, nil, &action)
            return (number, action)
        }
        let result = FCGX_Init()
        for (number, action) in before {
            var action = action
            sigaction(number, &action, nil)
        }
        signal(SIGPIPE, SIG_IGN)
        return result
    }()
}
