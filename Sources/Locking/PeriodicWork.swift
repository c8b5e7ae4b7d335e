import Foundation

/// Something that is done again and again, on a thread of its own.
package final class PeriodicWork: Sendable {
    /// One round, which asks now and then whether it should stop.
    package typealias Body = @Sendable (_ shouldStop: @escaping @Sendable () -> Bool) -> Void

    private let name: String
    /// The time between the end of one round and the next.
    private let interval: Duration
    private let body: Body
    private let isToStop = Latch()
    private let hasStopped = Latch()

    package init(_ name: String, every interval: Duration, _ body: @escaping Body) {
        self.name = name
        self.interval = interval
        self.body = body
    }

    package func start() {
        let thread = Thread { self.run() }
        thread.name = name
        thread.start()
    }

    /// Has it stop after the step that it is at.
    package func stop() {
        isToStop.set()
    }

    /// Waits until it has stopped, at most for that time.
    package func awaitEnd(within duration: Duration) {
        hasStopped.wait(for: duration)
    }

    private func run() {
        repeat {
            body { self.isToStop.wait(for: .zero) }
        } while !isToStop.wait(for: interval)
        hasStopped.set()
    }
}
