import Problems

/// A reason why a correct call was not made: it may be made later.
package struct CallRefusal: Error, Equatable {
    package enum Reason: Sendable {
        /// Calls through the integration hold all of the workers that they may hold.
        case saturated
        /// The user's calls through the integration hold all of its workers that one user's may.
        case userSaturated
        /// The user connects the integration too often.
        case connects
        /// The integration's limit of calls a second.
        case rate
        /// The integration's limit of calls under way.
        case concurrency
        /// All connections that the integration gives its API are in use.
        case connections
        /// Connections to the API's host failed one after the other; it is left alone for a while.
        case breaker
    }

    package let reason: Reason
    /// The seconds, at least 1, after which another try makes sense.
    package let retryAfter: Int64

    package init(_ reason: Reason, after seconds: Double = 1) {
        self.reason = reason
        retryAfter = max(1, Int64(seconds.rounded(.up)))
    }
}

extension CallRefusal.Reason {
    /// The code of the answer that reports it.
    package var code: ProblemCode {
        switch self {
        case .saturated: .integrationSaturated
        case .userSaturated: .userSaturated
        case .connects: .tooManyConnects
        case .rate: .rateLimited
        case .concurrency: .tooManyConcurrentCalls
        case .connections: .connectionsBusy
        case .breaker: .upstreamUnavailable
        }
    }
}
