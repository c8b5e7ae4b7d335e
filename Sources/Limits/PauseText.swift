import Encoding
import FoundationEssentials
import Primitives

/// A pause as APIs write it: a number, as in `0.5`, a sum of units, as in `1m30s`, or a moment.
///
/// Each reading is in seconds from now; `nil` for a text that is something else.
package enum PauseText {
    /// Digits, with or without a fraction: no sign, no exponent, nothing around.
    static func number(_ text: some StringProtocol) -> Double? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) })
        else {
            return nil
        }
        return Double(text)
    }

    /// `1m0s`, `1h`, `500ms`: numbers with their units, at least one.
    static func units(_ text: some StringProtocol) -> Double? {
        var rest = String(text)[...]
        var sum = 0.0
        repeat {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest[unit.endIndex...]
            guard let number = number(digits), let seconds = seconds[unit.lowercased()] else {
                return nil
            }
            sum += number * seconds
        } while !rest.isEmpty
        return sum
    }

    /// A date of HTTP's, or one of RFC 3339.
    static func date(_ text: some StringProtocol, _ now: Timestamp) -> Double? {
        if let date = HTTPDate.parse(String(text), now: now.seconds) {
            return Double(max(0, Timestamp(seconds: date) - now))
        }
        return (try? Date(String(text), strategy: .iso8601)).map {
            max(0, $0.timeIntervalSince1970 - Double(now.seconds))
        }
    }

    /// Reads a number in its most likely unit: seconds from now, unless those would be years.
    static func guess(_ number: Double, _ now: Timestamp) -> Double {
        switch number {
        case let number where number > 1e11: max(0, number / 1000 - Double(now.seconds))
        case let number where number > 1e8: max(0, number - Double(now.seconds))
        default: number
        }
    }

    private static let seconds: [String: Double] = [
        "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400,
    ]
}
