import Foundation

/// Something that is done again and again, on a thread of its own.
final class PeriodicWork: Sendable {
    /// One round, which asks now and then whether it should stop.
    typealias Body = @Sendable (_ shouldStop: @Sendable () -> Bool) -> Void

    private let name: String
    /// Seconds between the end of one round and the next.
    private let interval: TimeInterval
    private let body: Body
    /// Guards the flags, and is signalled when one changes.
    private let condition = NSCondition()
    nonisolated(unsafe) private var isStopping = false
    nonisolated(unsafe) private var isRunning = false

    init(
        _ name: String, every interval: TimeInterval,
        _ body: @escaping Body
    ) {
        self.name = name
        self.interval = interval
        self.body = body
    }

    func start() {
        condition.withLock { isRunning = true }
        let thread = Thread { self.run() }
        thread.name = name
        thread.start()
    }

    /// Has it stop after the step that it is at.
    func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
        }
    }

    /// Waits until it has stopped.
    ///
    /// - Returns: Whether it did by then.
    @discardableResult
    func await(until limit: Date) -> Bool {
        condition.withLock {
            while isRunning, condition.wait(until: limit) {}
            return !isRunning
        }
    }

    private func run() {
        while !shouldStop {
            body { self.shouldStop }
            condition.withLock {
                if !isStopping { _ = condition.wait(until: Date() + interval) }
            }
        }
        condition.withLock {
            isRunning = false
            condition.broadcast()
        }
    }

    private var shouldStop: Bool { condition.withLock { isStopping } }
}
