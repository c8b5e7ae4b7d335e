import Locking

/// The time limits of a transfer, and which of them runs out next.
struct TransferDeadlines {
    private var limits: TransferLimits
    private var start: MonotonicTime
    private var phase = HTTPClientError.Phase.connecting
    private var lastProgress: MonotonicTime

    init(limits: TransferLimits, start: MonotonicTime) {
        self.limits = limits
        self.start = start
        self.lastProgress = start
    }

    /// Notes the request's turn: connecting begins now, and the rest of the time is for the head.
    mutating func turnCame(at now: MonotonicTime) {
        limits.head -= .milliseconds(now.milliseconds(from: start))
        limits.connect = min(limits.connect, limits.head)
        start = now
        lastProgress = now
    }

    /// Notes that a connection stands and the request leaves.
    mutating func connected() {
        phase = .sent
    }

    /// Notes that the answer's head is complete.
    mutating func headCame(at now: MonotonicTime) {
        phase = .body
        lastProgress = now
    }

    /// Notes that bytes of a body went either way.
    mutating func progressed(at now: MonotonicTime) {
        lastProgress = now
    }

    /// The time at which to give the transfer up, unless something happens before.
    var next: MonotonicTime {
        let limit =
            switch phase {
            case .connecting: start.after(limits.connect)
            case .sent: lastProgress.after(limits.head)
            case .body: lastProgress.after(limits.idle)
            }
        guard let total = limits.total else { return limit }
        return min(limit, start.after(total))
    }

    /// The error to throw when ``next`` has passed.
    var error: HTTPClientError { .timedOut(phase) }
}
