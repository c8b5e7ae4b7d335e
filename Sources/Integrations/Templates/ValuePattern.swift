/// A regular expression that the whole of a value must match.
///
/// Patterns come from operators and values from anybody, so it is the small language that browsers
/// read alike (the `pattern` of an HTML input), matched in time linear in the value: no back-reference,
/// no look-around, nothing that tries one way after the other. It knows printable ASCII: characters,
/// `.`, `[a-z]`, `[^/]`, `\d`, `\w`, escaped signs, groups, `|`, `*`, `+`, `?`, `{2,5}`, and `^` and
/// `$`, which change nothing at the ends.
package struct ValuePattern: Sendable {
    /// The same as the `pattern` of an HTML input has it, under ECMAScript's `v` flag.
    package let html: String
    private let steps: [Step]

    /// What may come next, Ken Thompson's way: all ways are followed at once.
    package enum Step: Equatable {
        case character(CharacterSet)
        case jump(Int)
        case split(Int, Int)
        case beginning
        case end
    }

    /// The longest text of a pattern, and the most steps: `{n}` multiplies them.
    static let longest = 1024
    static let mostSteps = 4096

    /// - Returns: `nil` for what is not of the language, or too large.
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

/// A set of printable ASCII characters.
package struct CharacterSet: Equatable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    static let printable = CharacterSet(0x20...0x7E)
    static let digits = CharacterSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
    static let word = CharacterSet(UInt8(ascii: "a")...UInt8(ascii: "z"))
        .union(CharacterSet(UInt8(ascii: "A")...UInt8(ascii: "Z"))).union(digits)
        .union(CharacterSet(UInt8(ascii: "_")...UInt8(ascii: "_")))

    init() {}

    init(_ range: ClosedRange<UInt8>) {
        for byte in range where byte < 128 {
            if byte < 64 { low |= 1 << byte } else { high |= 1 << (byte - 64) }
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        byte < 64 ? low & (1 << byte) != 0 : byte < 128 && high & (1 << (byte - 64)) != 0
    }

    func union(_ other: CharacterSet) -> CharacterSet {
        var set = self
        set.low |= other.low
        set.high |= other.high
        return set
    }

    /// Everything printable that is not in it.
    var inverted: CharacterSet {
        var set = Self.printable
        set.low &= ~low
        set.high &= ~high
        return set
    }

    func intersection(_ other: CharacterSet) -> CharacterSet {
        var set = self
        set.low &= other.low
        set.high &= other.high
        return set
    }

    var isEmpty: Bool { low == 0 && high == 0 }

    /// All of them.
    var characters: [Character] {
        (UInt8(0)...127).filter(contains).map { Character(Unicode.Scalar($0)) }
    }

    /// As in an HTML input's `pattern`.
    var html: String {
        let runs = runs
        // Outside of a set a hyphen is none of the signs that may be escaped.
        if runs.count == 1, runs[0].count == 1 {
            return runs[0].lowerBound == UInt8(ascii: "-")
                ? "-" : Self.escaped(runs[0].lowerBound)
        }
        let members = runs.map { run in
            let (first, last) = (Self.escaped(run.lowerBound), Self.escaped(run.upperBound))
            return run.count == 1 ? first : run.count == 2 ? first + last : "\(first)-\(last)"
        }
        return "[\(members.joined())]"
    }

    private var runs: [ClosedRange<UInt8>] {
        (UInt8(0x20)...0x7E).filter(contains).reduce(into: []) { runs, byte in
            if let last = runs.last, last.upperBound + 1 == byte {
                runs[runs.count - 1] = last.lowerBound...byte
            } else {
                runs.append(byte...byte)
            }
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        let sign = Character(Unicode.Scalar(byte))
        return "^$\\.*+?()[]{}|/-".contains(sign) ? "\\\(sign)" : String(sign)
    }
}
