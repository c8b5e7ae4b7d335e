import Encoding
import FoundationEssentials

/// A moment as providers write it.
enum Moment {
    /// Reads seconds since 1970 from a number, a numeric text or a date of RFC 3339; `nil` when it
    /// is none of them.
    static func seconds(_ value: JSONValue?) -> Int64? {
        switch value {
        case .number(let text): number(text)
        case .string(let text): number(text) ?? date(text)
        default: nil
        }
    }

    /// The first second of the year 2286, which ten digits don't reach.
    private static let end = 10_000_000_000.0

    /// Reads a number of seconds. A number from 10 × `end` on (the year 5138) counts milliseconds;
    /// one between `end` and that is refused.
    private static func number(_ text: String) -> Int64? {
        guard text.utf8.count <= 40, text.utf8.allSatisfy("0123456789.eE+-".utf8.contains),
            let number = Double(text)
        else { return nil }
        return number < 10 * end ? seconds(number) : seconds(number / 1000)
    }

    private static func date(_ text: String) -> Int64? {
        let date =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(
                text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        return date.flatMap { seconds($0.timeIntervalSince1970) }
    }

    private static func seconds(_ number: Double) -> Int64? {
        (1..<end).contains(number) ? Int64(number) : nil
    }
}
