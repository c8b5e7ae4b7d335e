import Encoding

/// Limits on the calls to an API, on top of the API's own. The workers of a process share them.
package struct CallLimits: Equatable, Sendable {
    /// The most calls per second, on average.
    package var requestsPerSecond: Double?
    /// The most calls at once after a pause, where there is a limit per second.
    package var burst: Int?
    /// The most calls that may be under way at a time.
    package var concurrent: Int?

    package init(requestsPerSecond: Double? = nil, burst: Int? = nil, concurrent: Int? = nil) {
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst
        self.concurrent = concurrent
    }

    /// The highest limit that a field accepts.
    private static let most = 1_000_000

    static func read(_ reader: inout DefinitionReader) -> CallLimits {
        let limits = CallLimits(
            requestsPerSecond: reader.number("requestsPerSecond", 0.001...Double(most)),
            burst: reader.wholeNumber("burst", 1...most),
            concurrent: reader.wholeNumber("concurrent", 1...most))
        reader.require(
            limits.burst == nil || limits.requestsPerSecond != nil,
            "'burst' needs 'requestsPerSecond'")
        return limits
    }

    var json: JSONValue {
        .object([
            ("requestsPerSecond", .number(orNull: requestsPerSecond)),
            ("burst", .integer(orNull: burst)),
            ("concurrent", .integer(orNull: concurrent)),
        ])
    }
}
