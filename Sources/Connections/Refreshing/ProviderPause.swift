import HTTPTypes
import OAuth

extension OAuthError {
    /// How long the provider asks to be left alone, in whole seconds; `nil` when it does not.
    func askedPause(now: Timestamp) -> Int64? {
        guard !pacing.isEmpty else { return nil }
        let isLimit = if case .outage(.status(429, _)) = self { true } else { false }
        let head = HTTPResponse(status: .serviceUnavailable, headerFields: pacing)
        let pause = RequestedPause(head, nil, isLimit: isLimit, now: now)
        return pause.flatMap { $0.seconds > 0 ? Int64($0.seconds.rounded(.up)) : nil }
    }
}

extension ConnectionsError {
    /// What a caller is told of a provider's failure: when to come again, where the provider says it.
    init(provider error: OAuthError, now: Timestamp) {
        self = error.askedPause(now: now).map { .providerBusy(retryAfter: $0) } ?? .provider(error)
    }
}
