import Synchronization

/// What refresh tokens that were handed over have become, while the connection could not be stored.
///
/// Asking what is to be known beside a token uses it up, and the provider may have replaced it. Who
/// is told to try again has only the old one, and the provider would take that for a theft. So the
/// newer one is held for the next try: for a while, and by this process alone. Whatever ends that
/// leaves the grant as it is.
final class AdoptedTokens: Sendable {
    /// How long, in seconds.
    private static let lifetime: Int64 = 3600
    /// How many: they are secrets, and memory is not for ever.
    private static let most = 1000

    private struct Held {
        let refreshToken: String
        let until: Timestamp
    }

    /// By a hash of whose, where, and what was handed over.
    private let held = Mutex<[[UInt8]: Held]>([:])

    /// - Returns: What a token that is handed over has become; itself where nothing is known.
    func newest(
        _ refreshToken: String, _ integration: Integration, _ caller: Caller, now: Timestamp
    )
        -> String
    {
        held.withLock { held in
            held = held.filter { now < $0.value.until }
            return held[Self.key(refreshToken, integration, caller)]?.refreshToken ?? refreshToken
        }
    }

    func hold(
        _ newest: String, inPlaceOf refreshToken: String, _ integration: Integration,
        _ caller: Caller, now: Timestamp
    ) {
        guard newest != refreshToken else { return }
        held.withLock { held in
            if held.count >= Self.most,
                let oldest = held.min(by: { $0.value.until < $1.value.until })
            {
                held[oldest.key] = nil
            }
            held[Self.key(refreshToken, integration, caller)] = Held(
                refreshToken: newest, until: now + Self.lifetime)
        }
    }

    func forget(_ refreshToken: String, _ integration: Integration, _ caller: Caller) {
        held.withLock { $0[Self.key(refreshToken, integration, caller)] = nil }
    }

    /// An integration that was changed is another one: its tokens may go elsewhere now.
    private static func key(
        _ refreshToken: String, _ integration: Integration, _ caller: Caller
    ) -> [UInt8] {
        hash("\(integration.id) \(integration.revision)\0\(caller.userID)\0\(refreshToken)")
    }
}
