import Locking
import Synchronization

/// What refresh tokens that were handed over have become.
///
/// Using one may replace it, and whoever handed it over has only the old one: who is told to try
/// again, or never got the answer, sends that once more, and the provider would take it for a theft.
/// So what it became is remembered: for a while, and by this process alone. Whatever ends that leaves
/// the grant as it is.
final class AdoptedTokens: Sendable {
    enum Outcome {
        /// The provider gave another one, for an integration that was so, and it is not stored.
        case renewed(String, IntegrationDefinition)
        /// It, or what it became, is a connection's that was made with this data.
        case stored(connectionID: String, data: ConnectionData)
    }

    /// Whose it is, where, and what was handed over; hashed.
    struct Key: Hashable {
        fileprivate let text: String

        init(_ refreshToken: String, _ integration: Integration, _ caller: Caller) {
            text = Connections.hash("\(integration.id)\0\(caller.userID)\0\(refreshToken)")
                .map { String($0) }.joined(separator: ".")
        }
    }

    /// How long, in seconds.
    private static let lifetime: Int64 = 3600
    /// How many: they are secrets, and memory is not for ever.
    private static let most = 1000

    private let held = Mutex<[Key: (outcome: Outcome, until: Timestamp)]>([:])
    private let locks = KeyedLock()

    /// Runs the closure while no other thread uses that token.
    func alone<T>(with key: Key, _ body: () throws -> T) rethrows -> T {
        try locks.withLock(key.text, body)
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
                let oldest = held.min(by: { $0.value.until < $1.value.until })
            {
                held[oldest.key] = nil
            }
            held[key] = outcome.map { ($0, now + Self.lifetime) }
        }
    }
}
