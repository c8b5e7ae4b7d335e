/// A date in a header field, in any of the forms that a recipient must understand (RFC 9110
/// §5.6.7). Moments are in seconds since 1970-01-01T00:00:00Z.
package enum HTTPDate {
    /// Reads a date; `nil` for anything else, and for a date before 1970.
    ///
    /// - Parameter now: The current moment, which decides the century of a year of two digits.
    package static func parse(_ text: String, now: Int64) -> Int64? {
        let words = text.split(separator: " ", maxSplits: 6)
        let moment: Int64? =
            switch words.count {
            case 6 where words[5] == "GMT":
                // Sun, 06 Nov 1994 08:49:37 GMT
                Day(day: words[1], month: words[2], year: number(words[3]))
                    .flatMap { seconds(on: $0, at: words[4]) }
            case 4 where words[3] == "GMT":
                // Sunday, 06-Nov-94 08:49:37 GMT
                obsolete(date: words[1], time: words[2], now: now)
            case 5:
                // Sun Nov  6 08:49:37 1994
                Day(day: words[2], month: words[1], year: number(words[4]))
                    .flatMap { seconds(on: $0, at: words[3]) }
            default: nil
            }
        return moment.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Reads an obsolete date. A year of two digits is at most 50 years ahead, else the last one of
    /// the past with those digits.
    private static func obsolete(date: Substring, time: Substring, now: Int64) -> Int64? {
        let parts = date.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].utf8.count == 2, let digits = number(parts[2]) else {
            return nil
        }
        let ahead = 1970 + Int(min(max(now, 0), latest) / meanYear) + 51
        let later = ahead - (ahead - digits) % 100
        func moment(in year: Int) -> Int64? {
            Day(day: parts[0], month: parts[1], year: year).flatMap { seconds(on: $0, at: time) }
        }
        guard let halfway = moment(in: later - 50) else { return nil }
        return moment(in: halfway > now ? later - 100 : later)
    }

    /// A mean year of the Gregorian calendar.
    private static let meanYear: Int64 = 31_556_952
    /// The last second of the year 9999.
    private static let latest: Int64 = 253_402_300_799

    private static func seconds(on day: Day, at time: Substring) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(number)
        // 60 is a leap second.
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return Int64(day.sinceEpoch * 86_400 + hour * 3600 + minute * 60 + second)
    }

    fileprivate static func number(_ text: Substring) -> Int? {
        (1...4).contains(text.utf8.count) && text.utf8.allSatisfy(\.isASCIIDigit) ? Int(text) : nil
    }
}

/// A day of the Gregorian calendar.
private struct Day {
    /// In days since 1970-01-01.
    let sinceEpoch: Int

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// - Returns: `nil` when there is no such day.
    init?(day: Substring, month: Substring, year: Int?) {
        guard let day = HTTPDate.number(day), (1...31).contains(day), let year,
            let index = Self.months.firstIndex(where: { $0 == month })
        else { return nil }
        // Years that begin in March have their leap day at their end.
        let shiftedYear = index > 1 ? year : year - 1
        let shiftedMonth = index > 1 ? index - 2 : index + 10
        sinceEpoch =
            365 * shiftedYear + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
            + (153 * shiftedMonth + 2) / 5 + day - 1 - 719_468
    }
}
