import HTTPClient
import HTTPTypes
import Headers
import Integrations
import Limits
import Primitives

/// Decides whether a call is sent again after an attempt, and when (the article Reliability).
package struct RetryPolicy {
    /// The outcome of an attempt.
    package enum Outcome {
        case answer(ResponseHead)
        case failure(HTTPClientError)
    }

    /// The way in which a call is sent once more.
    package struct Retry {
        /// The seconds to wait before.
        let pause: Double
        /// Whether the failure says nothing about the API: a connection had been kept too long.
        /// The call is sent again on a new one, at once, and does not count as a failure.
        let isForStaleConnection: Bool
    }

    private let rules: RetryRules
    private let rateLimit: RateLimitFields?
    /// Whether the API may get the request a second time (RFC 9110 §9.2.2).
    private let mayArriveTwice: Bool
    /// The seconds from which the longest wait grows …
    private static let base = 0.25
    /// … and the seconds up to which it grows.
    private static let cap = 5.0
    /// The seconds of the first pause, where the API asks for one that cannot be read.
    private static let step = 1.0
    /// The most seconds of a pause, whatever the API asks for: a pause holds a worker.
    private static let longestPause = 30.0
    /// The least seconds that an attempt needs.
    private static let leastTime = 0.5

    init(_ definition: IntegrationDefinition, method: HTTPRequest.Method, headers: HeaderFields) {
        rules = definition.retries
        rateLimit = definition.rateLimit
        mayArriveTwice =
            CallMethods.isIdempotent(method) && !headers.overridesMethod
            || rules.honoursIdempotencyKey && headers[.idempotencyKey] != nil
    }

    /// Returns how the call is sent once more.
    ///
    /// - Parameters:
    ///   - attempt: The number of the attempt, from 1.
    ///   - took: The seconds that it took.
    ///   - timeLeft: The seconds until the answer's head has to be there.
    ///   - random: A number between 0 and 1.
    /// - Returns: `nil` when the outcome is for the caller.
    func retry(
        after outcome: Outcome, attempt: Int, took: Double, timeLeft: Double, now: Timestamp,
        random: Double
    ) -> Retry? {
        guard attempt < rules.attempts, isWorthAnother(outcome) else { return nil }
        if case .failure(.keptConnectionDied) = outcome {
            return Retry(pause: 0, isForStaleConnection: true)
        }
        let backoff = min(Self.cap, Self.base * Double(1 << (attempt - 1)))
        var pause = random * backoff
        if case .answer(let head) = outcome, let asked = askedPause(head, attempt, now) {
            pause = asked + random * Self.base
        }
        guard pause < Self.longestPause, pause + max(Self.leastTime, took) < timeLeft else {
            return nil
        }
        return Retry(pause: pause, isForStaleConnection: false)
    }

    /// Returns the seconds for which the API asks. A text that cannot be read asks for time all the
    /// same: an ordinary step, never none.
    private func askedPause(
        _ head: ResponseHead, _ attempt: Int, _ now: Timestamp
    ) -> Double? {
        let isLimit = saysLimit(head)
        if let pause = RequestedPause(head, rateLimit, isLimit: isLimit, now: now) {
            return pause.seconds
        }
        guard RequestedPause.isAsked(in: head, rateLimit, isLimit: isLimit) else { return nil }
        return Self.step * Double(1 << (attempt - 1))
    }

    private func isWorthAnother(_ outcome: Outcome) -> Bool {
        switch outcome {
        case .failure(.certificateRefused): false
        case .failure(let error) where error.isAboutConnecting: true
        case .failure(.broken(.sent, _)), .failure(.keptConnectionDied): mayArriveTwice
        case .failure: false
        case .answer(let head): mayArriveTwice && isTemporary(head)
        }
    }

    private func isTemporary(_ head: ResponseHead) -> Bool {
        [502, 503, 504].contains(head.status.code) || saysLimit(head)
    }

    /// Whether the API was asked too often.
    private func saysLimit(_ head: ResponseHead) -> Bool {
        guard head.status.code != 429 else { return true }
        guard let rateLimit, rateLimit.statuses.contains(head.status.code) else { return false }
        let remaining = rateLimit.remaining.flatMap { HTTPField.Name($0) }
        return remaining.flatMap { head.headerFields[$0] } == "0"
            || RequestedPause.isRetryAfter(in: head.headerFields)
    }
}

extension RetryPolicy.Outcome: CustomStringConvertible {
    package var description: String {
        switch self {
        case .answer(let head): "\(head.status.code)"
        case .failure(let error): "\(error)"
        }
    }
}

extension HeaderFields {
    /// Whether some servers would take the request for one of another method.
    fileprivate var overridesMethod: Bool {
        [HTTPField.Name.methodOverride, .httpMethodOverride, .httpMethod].contains {
            self.contains($0)
        }
    }
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name.known("Idempotency-Key")
    fileprivate static let methodOverride = HTTPField.Name.known("X-Method-Override")
    fileprivate static let httpMethodOverride = HTTPField.Name.known("X-HTTP-Method-Override")
    fileprivate static let httpMethod = HTTPField.Name.known("X-HTTP-Method")
}
