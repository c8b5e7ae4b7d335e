/// A duration as a number, for clocks and system calls that count in a unit.
///
/// By `attoseconds`, because `components` costs three times as much.
extension Duration {
    /// Whole seconds, the fraction cut off.
    package var inWholeSeconds: Int64 { Int64(clamping: attoseconds / 1_000_000_000_000_000_000) }

    /// Whole milliseconds, the fraction cut off; the nearest number where they are too many.
    package var inMilliseconds: Int { Int(clamping: attoseconds / 1_000_000_000_000_000) }
}
