import Primitives

/// A date in a header field, in any of the forms that a recipient must understand (RFC 9110
/// §5.6.7).
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    package static func parse(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ").map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT":
            // Sun, 06 Nov 1994 08:49:37 GMT
            return timestamp(day: words[1], month: words[2], year: words[3], time: words[4])
        case 4 where words[3] == "GMT":
            // Sunday, 06-Nov-94 08:49:37 GMT
            let date = words[1].split(separator: "-").map(String.init)
            guard date.count == 3, let year = Int(date[2]), (0...99).contains(year) else {
                return nil
            }
            // A year that looks more than 50 years ahead is one of the past.
            return timestamp(
                day: date[0], month: date[1], year: String(year < 76 ? 2000 + year : 1900 + year),
                time: words[2])
        case 5:
            // Sun Nov  6 08:49:37 1994
            return timestamp(day: words[2], month: words[1], year: words[4], time: words[3])
        default:
            return nil
        }
    }

    private static func timestamp(
        day: String, month: String, year: String, time: String
    ) -> Timestamp? {
        let clock = time.split(separator: ":").map { Int($0) ?? -1 }
        guard let day = Int(day), let month = months.firstIndex(of: month), let year = Int(year),
            (1970...9999).contains(year), (1...31).contains(day), clock.count == 3,
            (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        return Timestamp(
            year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1],
            second: clock[2])
    }
}
