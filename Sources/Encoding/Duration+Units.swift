/// A duration as a number, for clocks and system calls that count in a unit.
extension Duration {
    /// Seconds with their fraction.
    package var inSeconds: Double { self / .seconds(1) }

    /// Whole seconds, the fraction cut off.
    package var inWholeSeconds: Int64 { components.seconds }

    /// Whole milliseconds, the fraction cut off; the nearest number where they are too many.
    package var inMilliseconds: Int {
        let (seconds, attoseconds) = components
        let (whole, isTooLarge) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isTooLargeToo) = whole.addingReportingOverflow(
            attoseconds / 1_000_000_000_000_000)
        return isTooLarge || isTooLargeToo ? (seconds < 0 ? .min : .max) : Int(clamping: sum)
    }
}
