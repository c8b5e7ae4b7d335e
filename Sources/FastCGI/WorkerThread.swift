import Glibc

/// A thread with a stack of a chosen size, detached, all signals blocked.
enum WorkerThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts it.
    ///
    /// - Parameter stackBytes: Rounded up to whole pages.
    /// - Throws: ``ServerError`` when the system has no room for another thread.
    static func start(
        stackBytes: Int, _ run: @escaping @Sendable () -> Void
    ) throws(ServerError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let size = (max(stackBytes, 65_536) + page - 1) / page * page
        pthread_attr_setstacksize(&attributes, size)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))

        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        if result != 0 {
            body.release()
            throw .system("can't start a worker thread", result)
        }
    }
}
