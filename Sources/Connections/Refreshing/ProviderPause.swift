import HTTPTypes
import Headers
import Limits
import OAuth
import Primitives

extension OAuthError {
    /// The pause that the provider asks for, in whole seconds; `nil` when it asks for none.
    func askedPause(now: Timestamp) -> Int64? {
        guard !pacing.isEmpty else { return nil }
        let isLimit = if case .outage(.status(429, _)) = self { true } else { false }
        let head = ResponseHead(status: .serviceUnavailable, headerFields: pacing)
        let pause = RequestedPause(head, nil, isLimit: isLimit, now: now)
        return pause.flatMap { $0.seconds > 0 ? Int64($0.seconds.rounded(.up)) : nil }
    }
}

extension ConnectionsError {
    /// Makes the error that a caller gets of a provider's failure, with the pause that it asks for.
    init(provider error: OAuthError, now: Timestamp) {
        self = error.askedPause(now: now).map { .providerBusy(retryAfter: $0) } ?? .provider(error)
    }
}
