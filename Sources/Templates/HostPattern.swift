/// A ``ValuePattern`` of a value that stands where a URL says which host is asked.
package struct HostPattern {
    package let tree: PatternTree

    /// - Returns: `nil` for a text that is no pattern.
    package init?(_ text: String) {
        guard ValuePattern(text) != nil, let tree = PatternParser.parse(text) else { return nil }
        self.tree = tree
    }

    /// Whether the values cannot choose a host by themselves: they are part of one label, or one of
    /// a few that the pattern spells out, or end in a domain that it spells out.
    package var isBound: Bool {
        !tree.has(Self.separators.union(ASCIICharacterSet(Self.dot...Self.dot)))
            || tree.endings(before: [.unknown], until: { _ in false }) != nil
            || tree.ways.allSatisfy(Self.isURLInDomain)
    }

    /// Whether a host made of a placeholder's values and the texts around it ends in one of a few
    /// domains, or is one of a few hosts.
    ///
    /// - Parameter parts: The parts of a URL's host, in their order.
    package static func endsInDomain(_ parts: [PatternTree]) -> Bool {
        PatternTree.sequence(parts).endings(before: [.unknown], until: isDomain) != nil
    }

    /// A pattern in place of a value that only the provider can give.
    package static let trusted = PatternTree.character(ASCIICharacterSet(1...1))

    /// Returns a pattern for a literal text.
    package static func text(_ text: String) -> PatternTree {
        .sequence(text.utf8.map { .character(ASCIICharacterSet($0...$0)) })
    }

    private static let dot = UInt8(ascii: ".")
    /// Characters that end a host's name, or stand before it, in some reader's eyes.
    private static let separators = "/:@%\\?#[] ".utf8.reduce(ASCIICharacterSet()) {
        $0.union(ASCIICharacterSet($1...$1))
    }

    /// Whether a host that ends so belongs to the owner of one domain: `.example.com`,
    /// `.example.co.uk`, or a value from the provider.
    private static func isDomain(_ ending: String) -> Bool {
        guard let first = ending.utf8.first else { return false }
        if first == 1 { return true }
        let labels = ending.prefix { $0 != ":" }.split(separator: ".")
        guard first == dot, let last = labels.last else { return false }
        if unsold.contains(String(last)) { return true }
        return labels.count >= (isRegistry(labels.suffix(2)) ? 3 : 2)
    }

    /// Domains in which no names are sold (RFC 6761 §6, RFC 6762 §3, ICANN on `internal`).
    private static let unsold = ["example", "internal", "invalid", "local", "localhost", "test"]

    /// Whether others register their domains under that one: `co.uk`.
    private static func isRegistry(_ labels: ArraySlice<Substring>) -> Bool {
        let common = ["ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"]
        return labels.count == 2 && labels.last?.utf8.count == 2
            && labels.first.map { common.contains(String($0)) } == true
    }

    /// Whether the text is `https://` and labels, the last ones spelled out.
    private static func isURLInDomain(_ way: PatternTree) -> Bool {
        let host = way.without(prefix: "https://") ?? way.without(prefix: "http://") ?? way
        return !host.has(separators) && endsInDomain([host])
    }
}

extension PatternTree {
    /// Whether a value may have one of the characters.
    fileprivate func has(_ characters: ASCIICharacterSet) -> Bool {
        switch self {
        case .beginning, .end: false
        case .character(let set): !set.intersection(characters).isEmpty
        case .sequence(let parts), .choice(let parts): parts.contains { $0.has(characters) }
        case .repetition(let part, _, let most): most != 0 && part.has(characters)
        }
    }

    /// The alternatives that it consists of.
    fileprivate var ways: [PatternTree] {
        switch self {
        case .choice(let ways): ways.flatMap(\.ways)
        case .sequence(let parts) where parts.count == 1: parts[0].ways
        default: [self]
        }
    }

    /// Returns the rest behind a literal prefix; `nil` when it does not begin with that.
    fileprivate func without(prefix: String) -> PatternTree? {
        guard case .sequence(let parts) = self else { return nil }
        let inside = parts.filter { if case .beginning = $0 { false } else { true } }
        guard inside.count > prefix.utf8.count else { return nil }
        for (part, byte) in zip(inside, prefix.utf8) {
            guard case .character(let set) = part, set == ASCIICharacterSet(byte...byte) else {
                return nil
            }
        }
        return .sequence(Array(inside.dropFirst(prefix.utf8.count)))
    }
}
