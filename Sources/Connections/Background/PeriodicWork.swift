import Foundation
import Synchronization

/// Something that is done again and again, on a thread of its own.
///
/// Its pauses are on the clock that nobody sets: a calendar that is set back must not put the work
/// off for a day.
final class PeriodicWork: Sendable {
    /// One round, which asks now and then whether it should stop.
    typealias Body = @Sendable (_ shouldStop: @escaping @Sendable () -> Bool) -> Void

    private let name: String
    /// Seconds between the end of one round and the next.
    private let interval: Double
    private let body: Body
    private let isStopping = Atomic(false)
    private let wake = DispatchSemaphore(value: 0)
    private let end = DispatchSemaphore(value: 0)

    init(_ name: String, every interval: Double, _ body: @escaping Body) {
        self.name = name
        self.interval = interval
        self.body = body
    }

    func start() {
        let thread = Thread { self.run() }
        thread.name = name
        thread.start()
    }

    /// Has it stop after the step that it is at.
    func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        wake.signal()
    }

    /// Waits until it has stopped, or until that moment. Called once, and after it was started.
    func awaitEnd(until limit: DispatchTime) {
        _ = end.wait(timeout: limit)
    }

    private func run() {
        while !shouldStop {
            body { self.shouldStop }
            if !shouldStop { _ = wake.wait(timeout: .now() + interval) }
        }
        end.signal()
    }

    private var shouldStop: Bool { isStopping.load(ordering: .sequentiallyConsistent) }
}
