import Encoding

/// Reads the text of a ``ValuePattern``.
struct PatternParser {
    private var rest: Substring
    private var depth = 0
    /// The greatest depth of nested groups: each level takes space on the stack.
    private static let deepest = 16
    /// The most that a repetition may count: no value is longer.
    private static let mostTimes = 255

    /// - Returns: `nil` for a text that is not of the language.
    static func parse(_ text: String) -> PatternTree? {
        guard text.utf8.allSatisfy(\.isASCIIPrintable) else { return nil }
        var parser = PatternParser(rest: text[...])
        guard let tree = parser.choice(), parser.rest.isEmpty else { return nil }
        return tree
    }

    private init(rest: Substring) {
        self.rest = rest
    }

    private mutating func choice() -> PatternTree? {
        var ways: [PatternTree] = []
        repeat {
            guard let way = sequence() else { return nil }
            ways.append(way)
        } while take("|")
        return ways.count == 1 ? ways[0] : .choice(ways)
    }

    private mutating func sequence() -> PatternTree? {
        var parts: [PatternTree] = []
        while let next = rest.first, next != "|", next != ")" {
            guard let part = repeated() else { return nil }
            parts.append(part)
        }
        return .sequence(parts)
    }

    private mutating func repeated() -> PatternTree? {
        guard let atom = atom() else { return nil }
        guard let times = times() else { return atom }
        if case .beginning = atom { return nil }
        if case .end = atom { return nil }
        // Lazy and possessive ones match the same whole values, but not everywhere they are known.
        guard times.least <= times.most ?? Self.mostTimes, !"*+?{".contains(rest.first ?? " ")
        else { return nil }
        return .repetition(atom, least: times.least, most: times.most)
    }

    private mutating func times() -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard rest.first == "{" else { return nil }
        let inside = rest.dropFirst().prefix { $0 != "}" }
        let bounds = inside.split(separator: ",", omittingEmptySubsequences: false)
        guard rest.dropFirst(inside.count + 1).first == "}", bounds.count <= 2,
            let least = Self.number(bounds[0])
        else { return nil }
        let most: Int?
        switch bounds.count {
        case 1: most = least
        case _ where bounds[1].isEmpty: most = nil
        default:
            guard let bound = Self.number(bounds[1]) else { return nil }
            most = bound
        }
        rest = rest.dropFirst(inside.count + 2)
        return (least, most)
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit), let number = Int(text),
            number <= mostTimes
        else { return nil }
        return number
    }

    private mutating func atom() -> PatternTree? {
        guard let next = rest.popFirst() else { return nil }
        switch next {
        case "(": return group()
        case "[": return set().map(PatternTree.character)
        case "\\": return escape().map(PatternTree.character)
        case ".": return .character(.printable)
        case "^": return .beginning
        case "$": return .end
        case "*", "+", "?", "{", "}", "]": return nil
        default: return Self.only(next).map(PatternTree.character)
        }
    }

    private mutating func group() -> PatternTree? {
        depth += 1
        defer { depth -= 1 }
        if rest.hasPrefix("?:") { rest = rest.dropFirst(2) }
        guard depth <= Self.deepest, rest.first != "?", let inside = choice(), take(")") else {
            return nil
        }
        // A single unit for the repetition behind it.
        return .choice([inside])
    }

    private mutating func escape() -> ASCIICharacterSet? {
        guard let next = rest.popFirst() else { return nil }
        switch next {
        case "d": return .digits
        case "w": return .word
        case _ where next.isASCIILetterOrDigit: return nil
        default: return Self.only(next)
        }
    }

    /// Reads a set, its `[` taken already. Signs that are operators of sets for one side or the
    /// other are refused.
    private mutating func set() -> ASCIICharacterSet? {
        let isInverted = take("^")
        var set = ASCIICharacterSet()
        var last: Character?
        while let next = rest.popFirst() {
            if next == "]" {
                guard !set.isEmpty else { return nil }
                return isInverted ? set.inverted : set
            }
            guard next != "[", next != last || next.isASCIILetterOrDigit || next == "\\",
                let member = member(next)
            else { return nil }
            last = next == "\\" ? nil : next
            set = set.union(member)
        }
        return nil
    }

    /// Reads a character of a set, or a range that begins with it. Only letters and digits begin
    /// one: a range of signs, as in `[+-.]`, is easily a mistake.
    private mutating func member(_ next: Character) -> ASCIICharacterSet? {
        if next == "\\" {
            guard let escaped = escape(), !isRange else { return nil }
            return escaped
        }
        guard next.isASCIILetterOrDigit else {
            return next == "-" || !isRange ? Self.only(next) : nil
        }
        guard isRange, let first = next.asciiValue else { return Self.only(next) }
        guard let last = rest.dropFirst().first, last.isASCIILetterOrDigit,
            let end = last.asciiValue, first <= end
        else { return nil }
        rest = rest.dropFirst(2)
        return ASCIICharacterSet(first...end)
    }

    /// Whether a range goes on from the character that was read last.
    private var isRange: Bool {
        rest.first == "-" && rest.dropFirst().first.map { $0 != "]" } == true
    }

    private mutating func take(_ sign: Character) -> Bool {
        guard rest.first == sign else { return false }
        rest.removeFirst()
        return true
    }

    private static func only(_ character: Character) -> ASCIICharacterSet? {
        character.asciiValue.map { ASCIICharacterSet($0...$0) }
    }
}
