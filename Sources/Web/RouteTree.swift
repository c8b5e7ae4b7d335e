import HTTPTypes

/// The lines of a routing table as a tree: paths that begin with the same segments share nodes, so
/// that a path is read once, however many lines there are.
struct RouteTree: Sendable {
    /// A line of the table that ends at a node.
    struct Line: Sendable {
        let number: Int
        let method: HTTPRequest.Method?
    }

    private struct Node {
        var literals: [(text: [UInt8], node: Int)] = []
        /// The node behind a `{name}`.
        var parameter: Int?
        /// The lines whose path ends here, in the table's order.
        var lines: [Line] = []
        /// The lines that go on with `{name*}`.
        var linesOfRest: [Line] = []
    }

    private var nodes = [Node()]

    /// Adds a line, behind those that are there.
    mutating func add(_ line: Line, at pattern: PathPattern) {
        var node = 0
        for segment in pattern.segments {
            switch segment {
            case .literal(let text): node = literal(text, of: node)
            case .parameter: node = parameter(of: node)
            case .rest:
                nodes[node].linesOfRest.append(line)
                return
            }
        }
        nodes[node].lines.append(line)
    }

    /// Calls the closure with the lines of each end at which a path arrives; there is more than one
    /// where a segment is both a literal and a name's value.
    func visitEnds(
        of path: UnsafeBufferPointer<UInt8>, _ visit: ([Line]) -> Void
    ) {
        guard path.first == UInt8(ascii: "/") else { return }
        walk(from: 0, path, segmentAt: 1, visit)
    }

    private func walk(
        from node: Int, _ path: UnsafeBufferPointer<UInt8>, segmentAt start: Int,
        _ visit: ([Line]) -> Void
    ) {
        let end = path.endOfSegment(from: start)
        for index in nodes[node].literals.indices
        where path.has(nodes[node].literals[index].text, at: start, upTo: end) {
            arrive(at: nodes[node].literals[index].node, path, behind: end, visit)
        }
        if let next = nodes[node].parameter, PathPattern.isValue(path.piece(start..<end)) {
            arrive(at: next, path, behind: end, visit)
        }
        if !nodes[node].linesOfRest.isEmpty { visit(nodes[node].linesOfRest) }
    }

    private func arrive(
        at node: Int, _ path: UnsafeBufferPointer<UInt8>, behind end: Int,
        _ visit: ([Line]) -> Void
    ) {
        if end < path.count {
            walk(from: node, path, segmentAt: end + 1, visit)
        } else if !nodes[node].lines.isEmpty {
            visit(nodes[node].lines)
        }
    }

    private mutating func literal(_ text: [UInt8], of node: Int) -> Int {
        if let known = nodes[node].literals.first(where: { $0.text == text }) { return known.node }
        nodes.append(Node())
        nodes[node].literals.append((text, nodes.count - 1))
        return nodes.count - 1
    }

    private mutating func parameter(of node: Int) -> Int {
        if let known = nodes[node].parameter { return known }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether a text is all that stands between two positions.
    fileprivate func has(_ text: [UInt8], at start: Int, upTo end: Int) -> Bool {
        guard text.count == end - start else { return false }
        for index in text.indices where text[index] != self[start + index] { return false }
        return true
    }
}
