import Integrations
import Locking
import Primitives
import Synchronization

/// What refresh tokens that were handed over have become.
///
/// Using one may replace it, and whoever handed it over has only the old one: who is told to try
/// again, or never got the answer, sends that once more, and the provider would take it for a theft.
/// So what it became is remembered: for a while, and by this process alone. Whatever ends that leaves
/// the grant as it is.
package final class AdoptedTokens: Sendable {
    package enum Outcome {
        /// The provider gave another one, at that URL, and it is not stored.
        case renewed(String, at: String)
        /// It, or what it became, is that connection's, as it was then, made with this data.
        case stored(Connection, data: ConnectionData)
    }

    /// Whose it is, where, and what was handed over; hashed.
    package struct Key: Hashable {
        fileprivate let text: String

        init(_ refreshToken: String, _ integration: Integration, _ caller: Caller) {
            text = Primitives.hash("\(integration.id)\0\(caller.userID)\0\(refreshToken)")
                .map { String($0) }.joined(separator: ".")
        }
    }

    /// How long, in seconds.
    private static let lifetime: Int64 = 3600
    /// How many: they are secrets, and memory is not for ever.
    private static let most = 1000

    private let held = Mutex<[Key: (outcome: Outcome, until: Timestamp)]>([:])
    private let locks = KeyedLock()

    /// Runs the closure, unless another thread uses that token; `nil` then.
    func alone<T>(with key: Key, _ body: () throws -> T) rethrows -> T? {
        try locks.withLockIfFree(key.text, body)
    }

    func outcome(of key: Key, now: Timestamp) -> Outcome? {
        held.withLock { held in
            held = held.filter { now < $0.value.until }
            return held[key]?.outcome
        }
    }

    /// - Parameter outcome: `nil` forgets it.
    func remember(_ outcome: Outcome?, of key: Key, now: Timestamp) {
        held.withLock { held in
            if held.count >= Self.most, held[key] == nil,
                let least = held.min(by: { Self.isOfLessUse($0.value, $1.value) })
            {
                held[least.key] = nil
            }
            held[key] = outcome.map { ($0, now + Self.lifetime) }
        }
    }

    /// What is nowhere else is kept longest.
    private static func isOfLessUse(
        _ one: (outcome: Outcome, until: Timestamp), _ other: (outcome: Outcome, until: Timestamp)
    ) -> Bool {
        one.outcome.isStored == other.outcome.isStored
            ? one.until < other.until : one.outcome.isStored
    }
}

extension AdoptedTokens.Outcome {
    fileprivate var isStored: Bool {
        if case .stored = self { true } else { false }
    }
}
