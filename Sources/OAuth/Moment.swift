import Encoding
import FoundationEssentials

/// A moment as providers write it.
enum Moment {
    /// Seconds since 1970, from a number or from a text of RFC 3339; `nil` when it is neither.
    static func seconds(_ value: JSONValue?) -> Int64? {
        switch value {
        case .number(let text): Double(text).flatMap(seconds)
        case .string(let text): date(text).flatMap { seconds($0.timeIntervalSince1970) }
        default: nil
        }
    }

    /// The year 2286 and later is no moment, but milliseconds.
    private static func seconds(_ number: Double) -> Int64? {
        (1..<10_000_000_000).contains(number) ? Int64(number) : nil
    }

    private static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}
