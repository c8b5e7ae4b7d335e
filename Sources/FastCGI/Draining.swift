import Encoding
import Glibc
import Synchronization

/// The end of a server, without losing a request if that is possible.
///
/// FastCGI has no word for "this connection ends after this answer". nginx may send its next request
/// at the very moment at which a kept connection is closed, and does not send a POST again. So the
/// end of the connection follows its last answer at once, to be seen together with it, and idle
/// connections stay for a moment, for requests that are on their way.
extension Server {
    /// Whether connections are kept no longer.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// Lets go of everything, the requests in flight last.
    func drain() {
        draining.store(true, ordering: .sequentiallyConsistent)
        poller.remove(listener)
        if listener.unlink() { acceptPending() }
        listener.close()

        let start = WorkerPool.milliseconds()
        let limit = configuration.drainTimeout.inMilliseconds
        wait(until: start + min(100, limit)) {}
        wait(until: start + min(500, limit)) { registry.cut(.parked) }
        wait(until: start + limit) {
            registry.cut(.parked)
            registry.cut(.readingHead)
        }
        if registry.count > 0 {
            logger.warning("\(registry.count) requests were cut off after \(limit / 1000) s")
            registry.cut(.answering)
            wait(until: WorkerPool.milliseconds() + 1000) {}
        }
        end.signal()
        while pool.workerCount > pool.busyCount { usleep(1000) }
    }

    /// Waits until no connection is open, but not past that time; runs the body every 2 ms.
    private func wait(until time: Int, _ body: () -> Void) {
        while registry.count > 0, WorkerPool.milliseconds() < time {
            body()
            if pool.isSaturated && pool.canGrow && poller.hasPending {
                pool.start(1) { self.work() }
            }
            usleep(2000)
        }
    }
}
