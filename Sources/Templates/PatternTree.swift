/// A ``ValuePattern`` as it is written.
package indirect enum PatternTree: Sendable {
    case character(ASCIICharacterSet)
    case sequence([PatternTree])
    case choice([PatternTree])
    case repetition(PatternTree, least: Int, most: Int?)
    case beginning
    case end

    /// Adds the steps that match it.
    ///
    /// - Returns: `false` when they become too many.
    func append(to steps: inout [ValuePattern.Step]) -> Bool {
        guard steps.count < ValuePattern.mostSteps else { return false }
        switch self {
        case .character(let set): steps.append(.character(set))
        case .beginning: steps.append(.beginning)
        case .end: steps.append(.end)
        case .sequence(let parts):
            for part in parts { guard part.append(to: &steps) else { return false } }
        case .choice(let ways): return Self.append(ways, to: &steps)
        case .repetition(let part, let least, let most):
            for _ in 0..<least {
                let before = steps.count
                guard part.append(to: &steps) else { return false }
                // Nothing is as much nothing when it is repeated.
                if steps.count == before { break }
            }
            guard let most else {
                return Self.appendOptional(part, repeated: true, to: &steps)
            }
            for _ in 0..<(most - least) {
                guard Self.appendOptional(part, repeated: false, to: &steps) else { return false }
            }
        }
        return true
    }

    private static func append(
        _ ways: [PatternTree], to steps: inout [ValuePattern.Step]
    ) -> Bool {
        var jumps: [Int] = []
        for (index, way) in ways.enumerated() {
            let split = steps.count
            let isLast = index == ways.count - 1
            if !isLast { steps.append(.jump(0)) }
            guard way.append(to: &steps) else { return false }
            guard !isLast else { break }
            jumps.append(steps.count)
            steps.append(.jump(0))
            steps[split] = .split(split + 1, steps.count)
        }
        for jump in jumps { steps[jump] = .jump(steps.count) }
        return true
    }

    /// Adds the steps of a part that may be left out, or be there again and again.
    private static func appendOptional(
        _ part: PatternTree, repeated isRepeated: Bool, to steps: inout [ValuePattern.Step]
    ) -> Bool {
        let split = steps.count
        steps.append(.jump(0))
        guard part.append(to: &steps) else { return false }
        if isRepeated { steps.append(.jump(split)) }
        steps[split] = .split(split + 1, steps.count)
        return true
    }

    /// As in an HTML input's `pattern`.
    var html: String {
        switch self {
        case .character(let set): return set.html
        case .beginning: return "^"
        case .end: return "$"
        case .sequence(let parts): return parts.map(\.html).joined()
        case .choice(let ways): return "(?:\(ways.map(\.html).joined(separator: "|")))"
        case .repetition(let part, let least, let most):
            let counted = "{\(least),\(most.map(String.init) ?? "")}"
            let times =
                switch (least, most) {
                case (0, nil): "*"
                case (1, nil): "+"
                case (0, 1): "?"
                case (_, least): "{\(least)}"
                default: counted
                }
            return part.htmlAtom + times
        }
    }

    private var htmlAtom: String {
        switch self {
        case .character, .choice: html
        default: "(?:\(html))"
        }
    }
}
