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

}

extension CallLimits: FieldedObject {
    package static var initial: CallLimits { CallLimits() }

    package static let fields: [Field<CallLimits>] = [
        Field(
            "requestsPerSecond", \.requestsPerSecond, .number(0.001...Double(most)),
            "The most calls a second, on average."),
        Field(
            "burst", \.burst, .wholeNumber(1...most),
            "The most calls at once after a pause; needs `requestsPerSecond`."),
        Field(
            "concurrent", \.concurrent, .wholeNumber(1...most),
            "The most calls that are under way at a time."),
    ]

    package func checkRules(_ reader: inout DefinitionReader) {
        reader.require(
            burst == nil || requestsPerSecond != nil, "'burst' needs 'requestsPerSecond'")
    }
}
