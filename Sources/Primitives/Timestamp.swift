import Encoding

/// A moment in whole seconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Comparable, Hashable, Sendable {
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    /// Adds seconds; a sum beyond the range is its last value, or its first.
    package static func + (moment: Timestamp, seconds: Int64) -> Timestamp {
        let (sum, overflow) = moment.seconds.addingReportingOverflow(seconds)
        return Timestamp(seconds: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    /// Adds the whole seconds of a duration.
    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        moment + duration.inWholeSeconds
    }

    package static func - (left: Timestamp, right: Timestamp) -> Int64 {
        let (difference, overflow) = left.seconds.subtractingReportingOverflow(right.seconds)
        return overflow ? (right.seconds < 0 ? .max : .min) : difference
    }
}

extension Timestamp {
    /// RFC 3339 in UTC: `2024-02-10T14:30:00Z`. Years have four digits: an earlier or later time
    /// becomes the first or the last second of that range.
    package var rfc3339: String {
        let seconds = min(max(seconds, Self.firstWritten), Self.lastWritten)
        let (year, month, day) = Timestamp(seconds: seconds).civilDate
        let second = Int(((seconds % 86_400) + 86_400) % 86_400)
        // Written in place: an answer holds several.
        return String(unsafeUninitializedCapacity: 20) { bytes in
            Self.write(year, digits: 4, before: "-", at: 0, bytes)
            Self.write(month, digits: 2, before: "-", at: 5, bytes)
            Self.write(day, digits: 2, before: "T", at: 8, bytes)
            Self.write(second / 3600, digits: 2, before: ":", at: 11, bytes)
            Self.write(second / 60 % 60, digits: 2, before: ":", at: 14, bytes)
            Self.write(second % 60, digits: 2, before: "Z", at: 17, bytes)
            return 20
        }
    }

    private static let firstWritten: Int64 = -62_167_219_200
    private static let lastWritten: Int64 = 253_402_300_799

    /// The proleptic Gregorian date, by counting in eras of 400 years that begin on 1 March.
    private var civilDate: (year: Int, month: Int, day: Int) {
        let days = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Writes the number's last digits, and the sign that follows them. Not into a slice, which is
    /// not specialized: that cost six times as much (measured).
    private static func write(
        _ number: Int, digits: Int, before sign: Unicode.Scalar, at start: Int,
        _ bytes: UnsafeMutableBufferPointer<UInt8>
    ) {
        var rest = number
        for index in stride(from: start + digits - 1, through: start, by: -1) {
            bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        bytes[start + digits] = UInt8(ascii: sign)
    }
}
