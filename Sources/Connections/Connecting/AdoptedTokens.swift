import Integrations
import Locking
import Primitives
import Synchronization

/// The results of using refresh tokens that were handed over.
///
/// Using a refresh token may replace it, and the caller has only the old one. A caller that is told
/// to try again, or never gets the answer, sends it again, and the provider would take that for a
/// theft. So the result is remembered: for a while, and by this process only. When it is forgotten,
/// the grant is left as it is.
package final class AdoptedTokens: Sendable {
    package enum Outcome {
        /// The provider replaced it with another one, at that URL, which is not stored.
        case refreshed(String, at: String)
        /// It, or the token that replaced it, is stored in that connection, made with this data.
        case stored(Connection, data: ConnectionData)
    }

    /// The hash of the user, the integration and the token that was handed over.
    package struct Key: Hashable {
        fileprivate let text: String

        init(_ refreshToken: String, _ integration: Integration, _ caller: Caller) {
            text = Primitives.hash("\(integration.id)\0\(caller.userID)\0\(refreshToken)")
                .map { String($0) }.joined(separator: ".")
        }
    }

    /// The seconds for which a result is remembered.
    private static let lifetime: Int64 = 3600
    /// The most results: they are secrets, and memory is limited.
    private static let most = 1000

    private let held = Mutex<[Key: (outcome: Outcome, until: Timestamp)]>([:])
    private let locks = KeyedLock()

    /// Runs the closure, unless another thread uses that token; `nil` then.
    func alone<T>(with key: Key, _ body: () throws -> T) rethrows -> T? {
        try locks.withLockIfFree(key.text, body)
    }

    /// Returns the result for a token, if it is remembered.
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

    /// Whether the first may be forgotten before the second; what is stored nowhere else stays
    /// longest.
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
