import Encoding
import HTTPTypes
import Web

/// The three tables of paths that have to agree: the routes, the API's description, and nginx's
/// rewrites.
struct RouteTables {
    typealias Line = (method: HTTPRequest.Method, pattern: String)

    /// The routes that name a method.
    var routes: [Line]
    /// The operations of `openapi.json`.
    var operations: [Line]
    var nginx: NginxConfiguration

    init(routes: [Line], description: JSONValue, nginx: NginxConfiguration) {
        self.routes = routes
        operations = (description["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).filter { Self.methods.contains($0.name) }.compactMap {
                operation in
                HTTPRequest.Method(operation.name.uppercased()).map { ($0, path.name) }
            }
        }
        self.nginx = nginx
    }

    static let methods: Set<String> = [
        "get", "head", "post", "put", "patch", "delete", "options", "trace",
    ]

    /// What is in one table and not in another: sentences.
    func disagreements() throws -> [String] {
        let routed = routes.map(Self.described)
        let described = operations.map { "\($0.method) \($0.pattern)" }
        return routed.filter { !described.contains($0) }.map { "openapi.json lacks \($0)" }
            + described.filter { !routed.contains($0) }.map { "there is no route for \($0)" }
            + (try notPassed().map { "nginx does not pass \($0)" })
            + (try answeredByNone().map { "there is no route for what nginx passes: \($0)" })
    }

    /// The location of nginx that takes an example of a route.
    func location(
        for route: Line, _ path: String
    ) throws -> NginxConfiguration.Directive? {
        // nginx decodes a path, and merges its slashes, before it looks at it.
        let decoded = PercentEncoding.decode(path[...]) ?? path
        return try nginx.location(for: route.method, decoded.replacing(/\/+/, with: "/"))
    }

    /// Paths that a route answers: with several segments, none, and what a sloppy pattern forgets.
    static func examples(of pattern: String) -> [String] {
        let segments = [("drive", ""), ("drive", "x"), ("a%20b%0Ac", "a/b%0A/%C3%A9;c")]
        let paths = segments.map { segment, rest in
            pattern.replacing(/\{[a-z]+\*\}/, with: rest).replacing(/\{[a-z]+\}/, with: segment)
        }
        return Set(paths).sorted()
    }

    private static func described(_ line: Line) -> String {
        "\(line.method) \(line.pattern.replacing("*}", with: "}"))"
    }

    private func notPassed() throws -> [String] {
        try routes.flatMap { route in
            try Self.examples(of: route.pattern).filter { path in
                let location = try location(for: route, path)
                return location?.block.contains { $0.words == ["fastcgi_pass", "grantkeeper"] }
                    != true
            }
            .map { "\(route.method) \($0)" }
        }
    }

    /// Paths that a rewrite takes from the host and that have no route. What is below our own prefix
    /// is ours altogether.
    private func answeredByNone() throws -> [String] {
        let router = Router(routes.map { Route($0.method, $0.pattern, true) })
        return try nginx.rewrites.flatMap { try $0.examples() }.filter { path in
            if case .notFound = router.match(method: .get, path: path) { true } else { false }
        }
    }
}

extension NginxConfiguration.Rewrite {
    /// Paths that the pattern was written for; none where it ends with a prefix.
    fileprivate func examples() throws -> [String] {
        let anchored = pattern.replacing("(?s)", with: "")
        guard anchored.hasPrefix("^/"), anchored.hasSuffix(#"\z"#) else { return [] }
        let filled = anchored.dropFirst().dropLast(2)
            .replacing("[^/]+", with: "x").replacing(".*", with: "x")
        let option = /\(\?:([^()]*)\)\?/
        let paths = [filled.replacing(option, with: ""), filled.replacing(option) { $0.output.1 }]
        guard paths.allSatisfy({ $0.wholeMatch(of: /[a-z0-9\/-]+/) != nil }) else {
            throw NginxConfiguration.Unsupported(words: [pattern])
        }
        return Set(paths.map { String($0) }).sorted()
    }
}
