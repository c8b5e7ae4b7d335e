import Encoding
import HTTPTypes
import Headers
import Integrations
import Primitives

/// The pause for which an API asks.
package struct RequestedPause {
    /// The length in seconds, 0 or more.
    package let seconds: Double
    /// The longest pause, in seconds: a greater value is a mistake, and ignored.
    private static let longest: Double = 31 * 86_400

    /// Reads the pause from an answer's fields.
    ///
    /// - Parameters:
    ///   - fields: The API's own fields for it, if it does not use the usual ones.
    ///   - isLimit: Whether the answer says that the API was asked too often: only then a rate
    ///     limit's reset counts.
    /// - Returns: `nil` when it asks for no pause, or for none that makes sense
    ///   (``isAsked(in:_:isLimit:)`` tells which). Of several pauses it is the longest.
    package init?(
        _ answer: ResponseHead, _ fields: RateLimitFields?, isLimit: Bool, now: Timestamp
    ) {
        let headers = answer.headerFields
        // Where the answer has a date, a clock that is wrong, here or there, does not matter.
        let there =
            headers[.date].flatMap { HTTPDate.parse($0, now: now.seconds) }
            .map(Timestamp.init(seconds:)) ?? now
        let seconds =
            Self.retryAfter(headers, there)
            ?? (isLimit ? Self.reset(headers, fields, there) : nil)
        guard let seconds else { return nil }
        self.seconds = seconds
    }

    /// Whether the answer asks for a pause, in a text that can be read or not.
    package static func isAsked(
        in answer: ResponseHead, _ fields: RateLimitFields?, isLimit: Bool
    ) -> Bool {
        let headers = answer.headerFields
        if isRetryAfter(in: headers) { return true }
        guard isLimit else { return false }
        if let name = fields?.reset { return HTTPField.Name(name).map(headers.contains) ?? false }
        return usualNames.contains { headers.contains($0) }
            || headers[.rateLimit].map { RateLimitList($0).isUsedUp } == true
    }

    /// Whether `Retry-After`, or a field in its place, is there.
    package static func isRetryAfter(in headers: HeaderFields) -> Bool {
        headers.contains(.retryAfter) || millisecondNames.contains { headers.contains($0) }
    }

    private static func longestSensible(_ pauses: [Double?]) -> Double? {
        pauses.compactMap { $0 }.filter { (0...longest).contains($0) }.max()
    }

    private static func retryAfter(_ headers: HeaderFields, _ now: Timestamp) -> Double? {
        guard isRetryAfter(in: headers) else { return nil }
        let milliseconds = millisecondNames.flatMap { headers[values: $0] }.map { text in
            PauseText.number(text).map { $0 / 1000 }
        }
        return longestSensible(
            headers[values: .retryAfter].map { retryAfter($0, now) } + milliseconds)
    }

    /// RFC 9110 §10.2.3 allows whole seconds, or a date; APIs send more. A proxy may have joined
    /// two fields.
    private static func retryAfter(_ text: String, _ now: Timestamp) -> Double? {
        read(text, now)
            ?? longestSensible(
                text.split(separator: ",").map { part in
                    read(part.drop { $0 == " " }, now)
                })
    }

    private static func read(_ text: some StringProtocol, _ now: Timestamp) -> Double? {
        PauseText.number(text).map { PauseText.guess($0, now) } ?? PauseText.units(text)
            ?? PauseText.date(text, now)
    }

    private static func reset(
        _ headers: HeaderFields, _ fields: RateLimitFields?, _ now: Timestamp
    ) -> Double? {
        if let name = fields?.reset.flatMap({ HTTPField.Name($0) }) {
            return longestSensible(
                headers[values: name].map { reset($0, fields?.resetFormat, now) })
        }
        let usual = usualNames.flatMap { headers[values: $0] }.map { reset($0, nil, now) }
        return longestSensible(usual + [headers[.rateLimit].flatMap { RateLimitList($0).seconds }])
    }

    private static func reset(
        _ text: String, _ format: RateLimitFields.ResetFormat?, _ now: Timestamp
    ) -> Double? {
        guard let number = Double(text) else {
            return PauseText.units(text) ?? PauseText.date(text, now)
        }
        guard number.isFinite else { return nil }
        return switch format {
        case nil: PauseText.guess(number, now)
        case .seconds: number
        case .milliseconds: number / 1000
        case .epochSeconds: max(0, number - Double(now.seconds))
        case .epochMilliseconds: max(0, number / 1000 - Double(now.seconds))
        case .date: nil
        }
    }

    private static let usualNames = [
        "RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset", "X-RateLimit-Reset-After",
    ].map(HTTPField.Name.known)
    /// The field of Azure's APIs.
    private static let millisecondNames = ["Retry-After-Ms", "X-MS-Retry-After-Ms"]
        .map(HTTPField.Name.known)
}

extension HTTPField.Name {
    fileprivate static let rateLimit = HTTPField.Name.known("RateLimit")
}
