import HTTPTypes

/// Methods and paths, without the handlers: that is not generic, and so the compiler makes it fast.
struct RoutingTable: Sendable {
    enum Match {
        /// The line's number.
        case found(Int, PathParameters)
        case methodNotAllowed(allowed: [HTTPRequest.Method])
        case notFound
    }

    private let patterns: [PathPattern]
    private let tree: RouteTree

    init(_ lines: [(method: HTTPRequest.Method?, pattern: PathPattern)]) {
        patterns = lines.map(\.pattern)
        var tree = RouteTree()
        for (number, line) in lines.enumerated() {
            tree.add(RouteTree.Line(number: number, method: line.method), at: line.pattern)
        }
        self.tree = tree
    }

    func match(method: HTTPRequest.Method, path: String) -> Match {
        var path = path
        return path.withUTF8 { match(method: method, path: $0) }
    }

    private func match(
        method: HTTPRequest.Method, path: UnsafeBufferPointer<UInt8>
    ) -> Match {
        var found: Int?
        var others: [RouteTree.Line] = []
        tree.visitEnds(of: path) { lines in
            if let line = lines.first(where: { $0.method == nil || $0.method == method }) {
                found = min(found ?? line.number, line.number)
            } else {
                others += lines
            }
        }
        if let found { return .found(found, patterns[found].parameters(in: path)) }
        return others.isEmpty ? .notFound : .methodNotAllowed(allowed: Self.methods(of: others))
    }

    /// Returns the methods of lines, each once, in the table's order.
    private static func methods(of lines: [RouteTree.Line]) -> [HTTPRequest.Method] {
        var methods: [HTTPRequest.Method] = []
        for line in lines.sorted(by: { $0.number < $1.number }) {
            if let method = line.method, !methods.contains(method) { methods.append(method) }
        }
        return methods
    }
}
