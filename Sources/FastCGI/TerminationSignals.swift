import Glibc

/// SIGTERM and SIGINT, taken by one thread that waits for them instead of by a handler.
package enum TerminationSignals {
    /// Blocks both for this thread and all that it starts, and ignores SIGPIPE.
    ///
    /// Call it first in `main`, before any thread starts: a thread that has them unblocked would
    /// take them in ``wait()``'s place.
    package static func block() {
        var signals = set
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for one of them, and returns its name.
    package static func wait() -> String {
        var signals = set
        var taken: Int32 = 0
        while sigwait(&signals, &taken) != 0 {}
        return taken == SIGTERM ? "SIGTERM" : "SIGINT"
    }

    private static var set: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        return signals
    }
}
