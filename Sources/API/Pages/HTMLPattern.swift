/// A regular expression of Swift's as the `pattern` of an HTML input takes it. Browsers read that by
/// stricter rules (ECMAScript's `v` flag), and ignore what they cannot read; so only what means the
/// same in both is passed on.
package struct HTMLPattern {
    /// As the attribute has it.
    package private(set) var text = ""
    private var rest: Substring
    private var depth = 0
    /// Whether there is something that can be repeated.
    private var isAfterAtom = false

    /// - Returns: `nil` when it has something that browsers read otherwise.
    package init?(_ pattern: String) {
        rest = pattern[...]
        guard pattern.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        while let character = rest.popFirst() {
            guard read(character) else { return nil }
        }
        guard depth == 0 else { return nil }
    }

    private mutating func read(_ character: Character) -> Bool {
        switch character {
        case "[": return readSet()
        case "(": return open()
        case ")":
            depth -= 1
            append(")", isAtom: true)
            return depth >= 0
        case "|", "^", "$":
            append(String(character), isAtom: false)
            return true
        case "*", "+", "?", "{": return readRepetition(character)
        case "\\": return readEscape()
        case "]", "}": return false
        default:
            append(String(character), isAtom: true)
            return true
        }
    }

    private mutating func append(_ piece: String, isAtom: Bool) {
        text += piece
        isAfterAtom = isAtom
    }

    private mutating func open() -> Bool {
        depth += 1
        if rest.hasPrefix("?:") {
            rest.removeFirst(2)
            append("(?:", isAtom: false)
            return true
        }
        append("(", isAtom: false)
        return rest.first != "?"
    }

    private mutating func readRepetition(_ character: Character) -> Bool {
        guard isAfterAtom else { return false }
        var piece = String(character)
        if character == "{" {
            guard let bounds = rest.prefixMatch(of: /[0-9]{1,4}(,[0-9]{0,4})?\}/) else {
                return false
            }
            piece += bounds.output.0
            rest = rest[bounds.range.upperBound...]
        }
        append(piece, isAtom: false)
        // Greedy only: the others differ in which part of a text they match.
        return rest.first != "+" && rest.first != "?"
    }

    private mutating func readEscape() -> Bool {
        guard let character = rest.popFirst() else { return false }
        switch character {
        case "d", "w", "^", "$", "\\", ".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "/":
            append("\\\(character)", isAtom: true)
            return true
        case "-", "_", "@", ":", "&", "=", "%", "#", "~", ",":
            append(String(character), isAtom: true)
            return true
        default: return false
        }
    }

    /// A set of characters, without sets in it.
    private mutating func readSet() -> Bool {
        var set = "["
        if rest.first == "^" { set.append(rest.removeFirst()) }
        var last: Character?
        while let character = rest.popFirst() {
            if character == "]" {
                append(set + "]", isAtom: true)
                return last != nil
            }
            // Doubled signs are operators for one side or the other.
            guard character != last || character.isLetter || character.isNumber else {
                return false
            }
            last = character
            guard let piece = member(character) else { return false }
            set += piece
        }
        return false
    }

    /// A character of a set, or a range that begins with it.
    private mutating func member(_ character: Character) -> String? {
        switch character {
        case "[": return nil
        case "\\":
            guard let escaped = rest.popFirst() else { return nil }
            if escaped == "d" || escaped == "w" { return rest.first == "-" ? nil : "\\\(escaped)" }
            return escaped.isLetter || escaped.isNumber ? nil : Self.escaped(escaped)
        case _ where character.isLetter || character.isNumber:
            guard rest.first == "-", let end = rest.dropFirst().first, end != "]" else {
                return String(character)
            }
            guard end.isLetter || end.isNumber, character <= end else { return nil }
            rest.removeFirst(2)
            return "\(character)-\(end)"
        default:
            // Such as '+-.': a range of signs is not needed, and easily a mistake.
            if rest.first == "-", rest.dropFirst().first != "]" { return nil }
            return Self.escaped(character)
        }
    }

    private static func escaped(_ sign: Character) -> String {
        "()[]{}/-\\|^".contains(sign) ? "\\\(sign)" : String(sign)
    }
}
