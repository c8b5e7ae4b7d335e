/// The field `RateLimit` of the IETF's drafts, which tells for each limit how much is left and when
/// there is more: `"hour";r=0;t=30, "day";r=9;t=4000`, and before that
/// `limit=100, remaining=0, reset=30`.
package struct RateLimitList {
    /// Whether nothing is left of one of the limits.
    let isUsedUp: Bool
    /// The seconds until all used-up limits are refreshed; `nil` when none of them tells.
    let seconds: Double?

    init(_ text: String) {
        var limits: [(left: Double?, reset: Double?)] = []
        var single: (left: Double?, reset: Double?) = (nil, nil)
        for member in Self.parts(of: text[...], at: ",") {
            let values = Self.values(in: member)
            limits.append((values["r"], values["t"]))
            single.left = values["remaining"] ?? single.left
            single.reset = values["reset"] ?? single.reset
        }
        let usedUp = (limits + [single]).filter { $0.left == 0 }
        isUsedUp = !usedUp.isEmpty
        seconds = usedUp.compactMap(\.reset).max()
    }

    /// The parameters that are numbers.
    private static func values(in member: Substring) -> [String: Double] {
        var values: [String: Double] = [:]
        for part in parts(of: member, at: ";") {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, let number = PauseText.number(trimmed(halves[1])) else {
                continue
            }
            values[trimmed(halves[0]).lowercased()] = number
        }
        return values
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " }
        return start.prefix(start.reversed().drop { $0 == " " }.count)
    }

    /// Splits the text at separators outside quoted names.
    private static func parts(of text: Substring, at separator: Character) -> [Substring] {
        var isQuoted = false
        return text.split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == separator && !isQuoted
        }
    }
}
