import Encoding
import Yams

/// A YAML document as a tree that remembers its lines.
///
/// Scalars stay text: the caller decides the meaning of `yes`, `0660` or `1e3`, as it knows the
/// expected type.
package struct YAMLNode: Sendable {
    /// Counted from 1.
    package let line: Int
    package let content: Content

    package enum Content: Sendable {
        /// Nothing, `~` or `null`.
        case null
        /// Plain text may be read as a number or a flag; quoted text is text.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In their order; no name comes twice.
        case mapping([Entry])
    }

    package struct Entry: Sendable {
        package let name: String
        /// The name's line, from 1.
        package let line: Int
        package let value: YAMLNode
    }

    /// Reads one document; nothing at all is ``Content/null``.
    ///
    /// - Throws: ``YAMLError``, with its line.
    package init(parsing text: String) throws(YAMLError) {
        let root: Node?
        do {
            // Without the resolver's patterns: they would turn `on` and `0660` into other things.
            root = try Parser(
                yaml: text.withoutByteOrderMark, resolver: .basic, encoding: .utf8
            ).singleRoot()
        } catch {
            throw YAMLError(error)
        }
        var budget = Self.mostNodes
        self =
            try root.map { node throws(YAMLError) in
                try YAMLNode(node, depth: 0, budget: &budget)
            } ?? YAMLNode(line: 1, content: .null)
    }

    // Aliases multiply (the "billion laughs"); no file of ours comes near these.
    private static let mostNodes = 20_000
    private static let deepest = 32

    private init(line: Int, content: Content) {
        self.line = line
        self.content = content
    }

    private init(_ node: Node, depth: Int, budget: inout Int) throws(YAMLError) {
        line = node.mark?.line ?? 1
        budget -= 1
        guard budget > 0, depth < Self.deepest else {
            throw YAMLError(line: line, reason: "the document is too large or too deep")
        }
        switch node {
        case .scalar(let scalar):
            content = try Self.content(of: scalar, line: line)
        case .sequence(let sequence):
            var nodes: [YAMLNode] = []
            for element in sequence {
                nodes.append(try YAMLNode(element, depth: depth + 1, budget: &budget))
            }
            content = .sequence(nodes)
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                guard let name = key.scalar else {
                    throw YAMLError(line: line, reason: "a name has to be plain text")
                }
                let value = try YAMLNode(value, depth: depth + 1, budget: &budget)
                entries.append(
                    Entry(name: name.string, line: name.mark?.line ?? line, value: value))
            }
            content = .mapping(entries)
        case .alias:
            throw YAMLError(line: line, reason: "an alias has no anchor")
        }
    }

    private static func content(
        of scalar: Node.Scalar, line: Int
    ) throws(YAMLError) -> Content {
        let tag = scalar.tag.rawValue
        guard tag.isEmpty || tag == Tag.Name.str.rawValue else {
            throw YAMLError(line: line, reason: "the tag \(tag) is not known here")
        }
        let isPlain = scalar.style == .plain && tag.isEmpty
        return isPlain && ["", "~", "null"].contains(scalar.string)
            ? .null : .scalar(scalar.string, isPlain: isPlain)
    }
}
