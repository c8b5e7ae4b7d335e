import Foundation

/// Runs the closure on several threads at once, and waits for all of them.
package func onThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    let group = DispatchGroup()
    for _ in 0..<count {
        group.enter()
        Thread {
            body()
            group.leave()
        }.start()
    }
    group.wait()
}

/// Waits until the condition holds, at most the given seconds.
package func eventually(within seconds: Double = 10, _ condition: () throws -> Bool) rethrows
    -> Bool
{
    let limit = Date() + seconds
    while Date() < limit {
        if try condition() { return true }
        usleep(2000)
    }
    return try condition()
}
