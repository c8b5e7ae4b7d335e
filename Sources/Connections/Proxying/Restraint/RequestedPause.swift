import FoundationEssentials
import HTTPTypes

/// How long an API asks to be left alone.
package struct RequestedPause {
    /// In seconds, 0 or more.
    package let seconds: Double
    /// Nobody waits longer for anything: what is above is a mistake, and ignored.
    private static let longest: Double = 31 * 86_400

    /// - Parameters:
    ///   - fields: How the API says it, unless it does as most do.
    ///   - isLimit: Whether the answer says that the API was asked too often: only then a rate
    ///     limit's reset counts.
    /// - Returns: `nil` when it asks for nothing, or for nothing sensible.
    package init?(
        _ answer: HTTPResponse, _ fields: RateLimitFields?, isLimit: Bool, now: Timestamp
    ) {
        // A clock that goes wrong, here or there, does not matter where the answer has a date.
        let there = answer.headerFields[.date].flatMap(HTTPDate.parse) ?? now
        let seconds =
            answer.headerFields[.retryAfter].flatMap { Self.retryAfter($0, there) }
            .flatMap(Self.ifSensible)
            ?? (isLimit ? Self.reset(answer.headerFields, fields, there) : nil)
            .flatMap(Self.ifSensible)
        guard let seconds else { return nil }
        self.seconds = seconds
    }

    private static func ifSensible(_ seconds: Double) -> Double? {
        (0...longest).contains(seconds) ? seconds : nil
    }

    /// RFC 9110 §10.2.3: whole seconds, or a date.
    private static func retryAfter(_ text: String, _ now: Timestamp) -> Double? {
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Double(text) }
        return HTTPDate.parse(text).map { toGo(until: $0, now) }
    }

    private static func reset(
        _ headers: HTTPFields, _ fields: RateLimitFields?, _ now: Timestamp
    ) -> Double? {
        if let name = fields?.reset.flatMap({ HTTPField.Name($0) }) {
            return headers[name].flatMap { reset($0, fields?.resetFormat, now) }
        }
        return usualNames.lazy.compactMap { headers[$0] }.first.flatMap { reset($0, nil, now) }
    }

    private static let usualNames = [
        "RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset", "X-RateLimit-Reset-After",
    ].compactMap { HTTPField.Name($0) }

    private static func reset(
        _ text: String, _ format: RateLimitFields.ResetFormat?, _ now: Timestamp
    ) -> Double? {
        let number = Double(text).flatMap { $0.isFinite ? $0 : nil }
        switch format ?? guess(number) {
        case .seconds: return number
        case .milliseconds: return number.map { $0 / 1000 }
        case .epochSeconds: return number.map { max(0, $0 - Double(now.seconds)) }
        case .epochMilliseconds: return number.map { max(0, $0 / 1000 - Double(now.seconds)) }
        case .date:
            if let date = HTTPDate.parse(text) { return toGo(until: date, now) }
            return (try? Date(text, strategy: .iso8601)).map {
                max(0, $0.timeIntervalSince1970 - Double(now.seconds))
            }
        }
    }

    /// What a number most likely means: a last resort.
    private static func guess(_ number: Double?) -> RateLimitFields.ResetFormat {
        switch number {
        case nil: .date
        case let number? where number > 1e11: .epochMilliseconds
        case let number? where number > 1e8: .epochSeconds
        default: .seconds
        }
    }

    private static func toGo(until moment: Timestamp, _ now: Timestamp) -> Double {
        Double(max(0, moment - now))
    }
}
