/// How many of the workers calls through one integration may hold: a part of those that calls
/// through others leave. So an integration alone gets much, and however many providers hang, there
/// is always something left.
package struct WorkerShare: Sendable {
    private let workers: Int
    private let percent: Int
    /// A part of few workers would be next to nothing: up to so many it is all of them but one.
    private static let least = 16

    /// - Parameters:
    ///   - percent: 1 to 100; with 100 one integration may hold them all.
    ///   - workers: How many there are at most.
    package init(percent: Int, ofWorkers workers: Int) {
        self.workers = workers
        self.percent = percent
    }

    /// Whether an integration that holds so many may hold one more.
    package func hasRoom(held: Int, byOthers others: Int) -> Bool {
        let left = workers - others
        let alone = others == 0 ? 1 : 0
        return held < max(left * percent / 100, min(Self.least, left - 1), alone)
    }
}
