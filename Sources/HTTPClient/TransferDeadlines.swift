/// The time limits of a transfer, and which of them runs out next.
struct TransferDeadlines {
    private let limits: TransferLimits
    private let start: MonotonicTime
    private var phase = HTTPClientError.Phase.connecting
    private var lastProgress: MonotonicTime

    init(limits: TransferLimits, start: MonotonicTime) {
        self.limits = limits
        self.start = start
        self.lastProgress = start
    }

    /// A connection stands and the request leaves.
    mutating func connected() {
        phase = .sent
    }

    /// The answer's head is complete.
    mutating func headCame(at now: MonotonicTime) {
        phase = .body
        lastProgress = now
    }

    /// Bytes of a body went either way.
    mutating func progressed(at now: MonotonicTime) {
        lastProgress = now
    }

    /// When the transfer is to be given up, unless something happens before.
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

    /// What to throw when ``next`` has passed.
    var error: HTTPClientError { .timedOut(phase) }
}
