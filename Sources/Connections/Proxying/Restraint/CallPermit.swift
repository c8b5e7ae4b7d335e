/// A call's right to be under way; it ends with the object.
final class CallPermit: Sendable {
    private let integration: Integration
    private let limiter: CallLimiter

    init(for integration: Integration, from limiter: CallLimiter) {
        self.integration = integration
        self.limiter = limiter
    }

    deinit {
        limiter.leave(integration.id)
    }

    /// Whether the call may be sent once more, as far as limits and the retry budget go.
    func mayRetry() -> Bool {
        limiter.mayRetry(integration)
    }
}
