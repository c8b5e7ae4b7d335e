import Encoding

/// How much an API is asked for at most, on top of whatever it allows itself. Shared by the workers
/// of a process.
package struct CallLimits: Equatable, Sendable {
    /// How many calls a second, on average.
    package var requestsPerSecond: Double?
    /// How many may come at once after a pause, where there is a limit a second.
    package var burst: Int?
    /// How many calls may be under way.
    package var concurrent: Int?

    package init(requestsPerSecond: Double? = nil, burst: Int? = nil, concurrent: Int? = nil) {
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst
        self.concurrent = concurrent
    }

    /// The most that a second or a moment is ever thought of.
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
