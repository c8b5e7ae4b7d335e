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
    let end: EventDescriptor
    private let stopRequested = Atomic(false)
    let draining = Atomic(false)
    private let acceptPaused = Atomic(false)
    /// Whether the log already says that no more connections can be accepted.
    let exhaustionLogged = Atomic(false)

    /// Opens the socket; connections wait in its queue until ``run()``.
    ///
    /// - Parameter observers: The observers of each request, called in order after its exchange.
    /// - Throws: ``ServerError``.
    package init(
        configuration: ServerConfiguration, responder: any Responder,
        observers: [any RequestObserver] = [], logger: Logger
    ) throws {
        try Library.initialize()
        self.configuration = configuration
        self.logger = logger
        poller = try Poller()
        supervisor = try EventDescriptor()
        end = try EventDescriptor()
        pool = WorkerPool(configuration: configuration, logger: logger)
        exchange = Exchange(
            responder: responder, bodyLimit: configuration.bodyLimit,
            clientRate: configuration.clientRate,
            observers: [InterruptionLog(logger: logger)] + observers, logger: logger)
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
}
