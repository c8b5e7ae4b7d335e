/// The endings of the texts that a pattern matches.
extension PatternTree {
    /// The end of a text, as much of it as is known.
    struct Ending: Hashable {
        fileprivate(set) var text: String
        /// Whether the text before it need not be known.
        fileprivate(set) var isClosed: Bool

        /// The end of a text that nothing is known of.
        static let unknown = Ending(text: "", isClosed: false)
    }

    /// The most endings that are counted: a pattern with more counts as one that matches any text.
    static let mostEndings = 64

    /// Returns the endings, each lengthened by the pattern's possible texts before it.
    ///
    /// - Parameter isEnough: Returns whether that much of a text is enough to know.
    /// - Returns: `nil` when there are too many.
    func endings(
        before endings: Set<Ending>, until isEnough: (String) -> Bool
    ) -> Set<Ending>? {
        switch self {
        case .beginning, .end: return endings
        case .character(let set):
            return Self.joined(endings) { ending in
                Set(
                    set.characters.map { character in
                        let text = "\(character)\(ending.text)"
                        return Ending(text: text, isClosed: isEnough(text))
                    })
            }
        case .sequence(let parts):
            return parts.reversed().reduce(endings as Set<Ending>?) { known, part in
                known.flatMap { part.endings(before: $0, until: isEnough) }
            }
        case .choice(let ways):
            let all = ways.map { $0.endings(before: endings, until: isEnough) }
            return all.contains(nil)
                ? nil : Self.abbreviated(all.reduce(into: []) { $0.formUnion($1 ?? []) })
        case .repetition(let part, let least, let most):
            return part.endings(before: endings, least: least, most: most, until: isEnough)
        }
    }

    private func endings(
        before endings: Set<Ending>, least: Int, most: Int?, until isEnough: (String) -> Bool
    ) -> Set<Ending>? {
        var all: Set<Ending> = least == 0 ? endings : []
        var newest = endings
        var count = 0
        while count < most ?? .max {
            guard let next = self.endings(before: newest, until: isEnough) else { return nil }
            count += 1
            // Once more is nothing new.
            if next == newest || (count > least && next.isSubset(of: all)) {
                return Self.abbreviated(all.union(next))
            }
            newest = next
            if count >= least {
                guard let known = Self.abbreviated(all.union(next)) else { return nil }
                all = known
            }
        }
        return all
    }

    /// - Parameter longer: Returns the longer endings for one that is not closed.
    private static func joined(
        _ endings: Set<Ending>, _ longer: (Ending) -> Set<Ending>
    ) -> Set<Ending>? {
        var all: Set<Ending> = []
        for ending in endings {
            if ending.isClosed { all.insert(ending) } else { all.formUnion(longer(ending)) }
            if all.count > mostEndings { return nil }
        }
        return all
    }

    private static func abbreviated(_ endings: Set<Ending>) -> Set<Ending>? {
        endings.count > mostEndings ? nil : endings
    }
}
