import Encoding

/// Durations as people write them: `90s`, `10m`, `8h`, `7d`.
package enum DurationText {
    private static let units: [(suffix: Character, seconds: Int)] = [
        ("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400),
    ]

    /// Reads a duration; `nil` when the text is none (a number without a unit is none).
    package static func duration(_ text: String) -> Duration? {
        guard let last = text.last, let unit = units.first(where: { $0.suffix == last }),
            text.utf8.dropLast().allSatisfy(\.isASCIIDigit),
            let number = Int(text.dropLast())
        else { return nil }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit.seconds)
        return overflow ? nil : .seconds(seconds)
    }

    /// Returns the duration in the largest unit that divides it.
    package static func text(_ duration: Duration) -> String {
        let seconds = Int(duration.inWholeSeconds)
        guard seconds > 0, let unit = units.last(where: { seconds % $0.seconds == 0 }) else {
            return "\(seconds)s"
        }
        return "\(seconds / unit.seconds)\(unit.suffix)"
    }
}
