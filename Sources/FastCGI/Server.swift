import Glibc
import Logging
import Synchronization
import Web

/// A FastCGI responder behind nginx: a pool of workers over libfcgi.
///
/// All idle workers wait on one epoll instance for new connections and for kept ones on which the
/// next request has come, so that an idle connection holds no worker. A request is answered on its
/// worker's own stack, from the first parameter to the last byte.
package final class Server: Sendable {
    let poller: Poller
    let listener: ListeningSocket
    let registry = ConnectionRegistry()
    let pool: WorkerPool
    let exchange: Exchange
    let logger: Logger
    let configuration: ServerConfiguration

    /// Wakes the thread in ``run()``.
    private let supervisor: EventDescriptor
    private let supervisorSleeps = Atomic(false)
    /// Ends the workers.
    private let end: EventDescriptor
    private let stopRequested = Atomic(false)
    private let draining = Atomic(false)
    private let acceptPaused = Atomic(false)

    /// Opens the socket; connections wait in its queue until ``run()``.
    ///
    /// - Throws: ``ServerError``.
    package init(
        configuration: ServerConfiguration, responder: any Responder, logger: Logger
    ) throws {
        try Library.initialize()
        self.configuration = configuration
        self.logger = logger
        poller = try Poller()
        supervisor = try EventDescriptor()
        end = try EventDescriptor()
        pool = WorkerPool(configuration: configuration, logger: logger)
        exchange = Exchange(
            responder: responder, bodyLimit: configuration.bodyLimit, logger: logger)
        listener = try ListeningSocket(configuration.listener)
        try poller.add(end: end)
        try poller.add(listener)
    }

    /// Serves until ``stop()``, and returns when the requests in flight are answered or their time
    /// is up.
    package func run() {
        pool.start(configuration.minimumWorkers) { self.work() }
        var observation = WorkerPool.Observation()
        while !stopRequested.load(ordering: .sequentiallyConsistent) {
            supervise()
            pool.grow(&observation, hasPending: poller.hasPending) { self.work() }
        }
        drain()
    }

    /// Makes ``run()`` return, soon; from any thread.
    package func stop() {
        stopRequested.store(true, ordering: .sequentiallyConsistent)
        supervisor.signal()
    }

    package var statistics: ServerStatistics {
        ServerStatistics(
            workers: pool.workerCount, busyWorkers: pool.busyCount,
            openConnections: registry.count, requestsAnswered: pool.completedCount)
    }

    /// Whether connections are kept no longer.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    // MARK: - The supervisor's thread

    /// Sleeps until there may be something to do: for 5 ms while all workers are busy.
    private func supervise() {
        supervisorSleeps.store(true, ordering: .sequentiallyConsistent)
        let isPaused = acceptPaused.load(ordering: .sequentiallyConsistent)
        if pool.isSaturated && pool.canGrow {
            supervisor.wait(milliseconds: 5)
        } else {
            supervisor.wait(milliseconds: isPaused ? 100 : nil)
        }
        supervisorSleeps.store(false, ordering: .sequentiallyConsistent)
        if isPaused {
            acceptPaused.store(false, ordering: .sequentiallyConsistent)
            poller.rearm(listener)
        }
    }

    /// Wakes the supervisor, unless it is awake.
    func wakeSupervisor() {
        if supervisorSleeps.exchange(false, ordering: .sequentiallyConsistent) {
            supervisor.signal()
        }
    }

    /// Stops accepting for a moment, when the system has no descriptors left.
    func pauseAccepting() {
        acceptPaused.store(true, ordering: .sequentiallyConsistent)
        supervisor.signal()
    }

    // MARK: - Stopping

    /// Lets go of everything, the requests in flight last.
    private func drain() {
        draining.store(true, ordering: .sequentiallyConsistent)
        poller.remove(listener)
        if listener.unlink() { acceptPending() }
        listener.close()

        // A moment for requests that nginx has just sent; then idle connections end, then those on
        // which a request never became complete, and at last those that take too long.
        let start = WorkerPool.milliseconds()
        let limit = configuration.drainSeconds * 1000
        wait(until: start + min(100, limit))
        registry.cut(.parked)
        wait(until: start + min(500, limit))
        registry.cut(.readingHead)
        registry.cut(.parked)
        wait(until: start + limit)
        if registry.count > 0 {
            logger.warning("\(registry.count) requests were cut off after \(limit / 1000) s")
            registry.cut(.answering)
            wait(until: WorkerPool.milliseconds() + 1000)
        }
        end.signal()
        while pool.workerCount > pool.busyCount { usleep(1000) }
    }

    /// Waits until no connection is open, but not past that time.
    private func wait(until time: Int) {
        while registry.count > 0, WorkerPool.milliseconds() < time {
            let needed = pool.isSaturated && poller.hasPending && pool.canGrow
            if needed { pool.start(1) { self.work() } }
            usleep(2000)
        }
    }
}
