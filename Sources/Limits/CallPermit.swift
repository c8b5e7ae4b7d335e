import Integrations

/// A call's right to be under way; it ends with the object.
package final class CallPermit: Sendable {
    private let integration: Integration
    private let userID: String
    private let limiter: CallLimiter

    init(for integration: Integration, of userID: String, from limiter: CallLimiter) {
        self.integration = integration
        self.userID = userID
        self.limiter = limiter
    }

    deinit {
        limiter.leave(integration.id, userID: userID)
    }

    /// Whether the call may be sent once more, as far as limits and the retry budget go.
    package func mayRetry() -> Bool {
        limiter.mayRetry(integration)
    }
}
