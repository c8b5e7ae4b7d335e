import Glibc

/// Work beside a test's own thread.
enum Threads {
    /// Runs `side` on a thread of its own while `main` runs here; waits for both.
    static func run<Result>(
        _ side: @escaping @Sendable () -> Void, while main: () throws -> Result
    ) throws -> Result {
        let thread = start(side)
        defer { pthread_join(thread, nil) }
        return try main()
    }

    /// Runs the work on so many threads at once and waits for all.
    static func run(_ count: Int, _ work: @escaping @Sendable () -> Void) {
        for thread in (0..<count).map({ _ in start(work) }) { pthread_join(thread, nil) }
    }

    private static func start(_ work: @escaping @Sendable () -> Void) -> pthread_t {
        let context = Unmanaged.passRetained(Box(work)).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, context)
        precondition(code == 0)
        return thread
    }

    private final class Box {
        let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) {
            self.work = work
        }
    }
}
