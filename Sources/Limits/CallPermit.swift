import Integrations

/// A call's right to be under way; it ends with the object.
package final class CallPermit: Sendable {
    private let integration: Integration
    private let userID: String
    /// The position of the integration's load at the limiter.
    private let load: Int
    private let limiter: CallLimiter

    init(
        for integration: Integration, of userID: String, load: Int, from limiter: CallLimiter
    ) {
        self.integration = integration
        self.userID = userID
        self.load = load
        self.limiter = limiter
    }

    deinit {
        limiter.leave(load: load, userID: userID)
    }

    /// Whether the call may be sent once more, as far as limits and the retry budget go.
    package func mayRetry() -> Bool {
        limiter.mayRetry(integration, load: load)
    }
}
