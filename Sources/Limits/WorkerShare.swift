/// The share of the workers that calls through one integration may hold: a part of those that calls
/// through others leave. So a single integration gets most of them, and however many providers
/// hang, some are always left. Of that share, one user may hold a part of what the integration's
/// other users leave.
package struct WorkerShare: Sendable {
    private let workers: Int
    private let percent: Int
    private let userPercent: Int
    /// The number of workers up to which the share is all of them but one: a part of few is too
    /// little.
    private static let least = 16

    /// - Parameters:
    ///   - percent: 1 to 100; with 100 one integration may hold them all.
    ///   - workers: The number of workers that there are at most.
    ///   - userPercent: 1 to 100; with 100 one user may hold all of an integration's.
    package init(percent: Int, ofWorkers workers: Int, userPercent: Int = 100) {
        self.workers = workers
        self.percent = percent
        self.userPercent = userPercent
    }

    /// Whether an integration that holds so many may hold one more.
    package func hasRoom(held: Int, byOthers others: Int) -> Bool {
        held < Self.most(percent, of: workers, others: others)
    }

    /// Whether a user who holds so many of an integration's may hold one more.
    ///
    /// - Parameters:
    ///   - otherUsers: The number that the integration's other users hold.
    ///   - otherIntegrations: The number that calls through other integrations hold.
    package func hasRoom(
        heldByUser held: Int, byOtherUsers otherUsers: Int, byOthers otherIntegrations: Int
    ) -> Bool {
        let share = Self.most(percent, of: workers, others: otherIntegrations)
        return held < Self.most(userPercent, of: share, others: otherUsers)
    }

    private static func most(_ percent: Int, of all: Int, others: Int) -> Int {
        let left = all - others
        let alone = others == 0 ? 1 : 0
        return max(left * percent / 100, min(least, left - 1), alone)
    }
}
