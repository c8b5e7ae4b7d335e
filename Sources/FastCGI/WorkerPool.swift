import Glibc
import Logging
import Synchronization

/// Counts the workers, starts more when all are held up, and lets spare ones go.
///
/// A worker that waits on a provider is busy without using the processor; then more are needed. When
/// requests only queue for the processor, more threads would make it slower. The time that the busy
/// workers take for a request tells the two apart.
final class WorkerPool: Sendable {
    private let minimum: Int
    private let maximum: Int
    private let stackBytes: Int
    private let logger: Logger

    private let workers = Atomic(0)
    private let idle = Atomic(0)
    private let completed = Atomic(0)
    /// The earliest time of the next attempt after a thread could not be started, in milliseconds.
    private let retryTime = Atomic(0)

    /// The supervisor's last observation; only its thread uses this.
    struct Observation {
        var milliseconds = 0
        var completed = 0
        /// The times in a row that the workers were held up; the machine may cause a single one.
        var heldUp = 0
    }

    /// A request that takes longer than this on average holds its worker up, in milliseconds.
    private static let slowRequest = 1

    init(configuration: ServerConfiguration, logger: Logger) {
        minimum = configuration.minimumWorkers
        maximum = configuration.maximumWorkers
        stackBytes = configuration.stackBytes
        self.logger = logger
    }

    var workerCount: Int { workers.load(ordering: .relaxed) }
    var completedCount: Int { completed.load(ordering: .relaxed) }
    var busyCount: Int { max(0, workerCount - idle.load(ordering: .relaxed)) }

    /// Whether no worker waits for work.
    var isSaturated: Bool { idle.load(ordering: .sequentiallyConsistent) <= 0 }

    /// Whether it could have more workers.
    var canGrow: Bool { workerCount < maximum }

    /// Notes that a worker begins to wait.
    func beginWaiting() {
        idle.add(1, ordering: .sequentiallyConsistent)
    }

    /// Notes that a worker has waited long enough or got work.
    ///
    /// - Returns: Whether it was the last one that waited.
    func endWaiting() -> Bool {
        idle.subtract(1, ordering: .sequentiallyConsistent).newValue <= 0
    }

    func countRequest() {
        completed.add(1, ordering: .relaxed)
    }

    /// Starts as many workers as the observation since the last call calls for.
    func grow(
        _ last: inout Observation, hasPending: Bool, _ work: @escaping @Sendable () -> Void
    ) {
        var now = Observation(milliseconds: Self.milliseconds(), completed: completedCount)
        let count = workerCount
        let answered = now.completed - last.completed
        let passed = max(1, now.milliseconds - last.milliseconds)
        if isSaturated, hasPending, count == 0 || answered * Self.slowRequest < passed * count {
            now.heldUp = last.heldUp + 1
        }
        last = now
        guard now.heldUp > 1, count < maximum,
            now.milliseconds >= retryTime.load(ordering: .relaxed)
        else { return }
        start(min(max(1, count / 2), maximum - count), work)
    }

    /// Starts that many workers, or as many as the system has room for.
    func start(_ count: Int, _ work: @escaping @Sendable () -> Void) {
        for _ in 0..<count {
            workers.add(1, ordering: .sequentiallyConsistent)
            do throws(ServerError) {
                try WorkerThread.start(stackBytes: stackBytes, work)
            } catch {
                workers.subtract(1, ordering: .sequentiallyConsistent)
                retryTime.store(Self.milliseconds() + 1000, ordering: .relaxed)
                logger.warning("\(error); going on with \(workerCount)")
                return
            }
        }
    }

    /// Asks whether a worker that found nothing to do may end.
    ///
    /// - Returns: Whether it may; it is no longer counted then.
    func retire() -> Bool {
        var count = workers.load(ordering: .relaxed)
        while count > minimum {
            let (exchanged, original) = workers.compareExchange(
                expected: count, desired: count - 1, ordering: .sequentiallyConsistent)
            if exchanged { return true }
            count = original
        }
        return false
    }

    /// Notes that a worker ends because the server does.
    func leave() {
        workers.subtract(1, ordering: .sequentiallyConsistent)
    }

    static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
