/// A regular expression that the whole of a value must match.
///
/// Patterns come from operators and values from any user, so it is the small language that browsers
/// read alike (the `pattern` of an HTML input), matched in time linear in the value: no
/// back-reference, no look-around, no backtracking. It knows printable ASCII: characters,
/// `.`, `[a-z]`, `[^/]`, `\d`, `\w`, escaped signs, groups, `|`, `*`, `+`, `?`, `{2,5}`, and `^` and
/// `$`, which change nothing at the ends.
package struct ValuePattern: Sendable {
    /// The same as the `pattern` of an HTML input has it, under ECMAScript's `v` flag.
    package let html: String
    private let steps: [Step]

    /// A step of the matching, by Ken Thompson's algorithm: all ways are followed at once.
    enum Step: Equatable {
        case character(ASCIICharacterSet)
        case jump(Int)
        case split(Int, Int)
        case beginning
        case end
    }

    /// The longest text of a pattern, and the most steps: `{n}` multiplies them.
    static let longest = 1024
    static let mostSteps = 4096

    /// - Returns: `nil` for a text that is not of the language, or too large.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.longest, let tree = PatternParser.parse(text) else {
            return nil
        }
        var steps: [Step] = []
        guard tree.append(to: &steps) else { return nil }
        self.steps = steps
        html = tree.html
    }

    package func matches(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        var here = StepSet(count: steps.count + 1)
        follow(0, at: 0, of: bytes.count, into: &here)
        for (index, byte) in bytes.enumerated() {
            var next = StepSet(count: steps.count + 1)
            for step in here.members where step < steps.count {
                if case .character(let set) = steps[step], set.contains(byte) {
                    follow(step + 1, at: index + 1, of: bytes.count, into: &next)
                }
            }
            here = next
        }
        return here.contains(steps.count)
    }

    /// Adds a step and all that it leads to without a character; the end of the steps is a match.
    private func follow(_ first: Int, at position: Int, of length: Int, into set: inout StepSet) {
        var open = [first]
        while let step = open.popLast() {
            guard set.insert(step), step < steps.count else { continue }
            switch steps[step] {
            case .character: break
            case .jump(let target): open.append(target)
            case .split(let one, let other): open += [other, one]
            case .beginning: if position == 0 { open.append(step + 1) }
            case .end: if position == length { open.append(step + 1) }
            }
        }
    }

    private struct StepSet {
        private(set) var members: [Int] = []
        private var isThere: [Bool]

        init(count: Int) { isThere = Array(repeating: false, count: count) }

        func contains(_ step: Int) -> Bool { isThere[step] }

        /// - Returns: Whether it is new.
        mutating func insert(_ step: Int) -> Bool {
            guard !isThere[step] else { return false }
            isThere[step] = true
            members.append(step)
            return true
        }
    }
}
