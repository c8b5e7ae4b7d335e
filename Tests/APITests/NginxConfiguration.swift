import HTTPTypes

/// A file for nginx's server block, as far as it decides which location takes a request: rewrites,
/// those under a condition on the method among them, and locations by prefix or by the whole path.
struct NginxConfiguration {
    /// A directive with its words and, where it has one, its block.
    struct Directive {
        let words: [String]
        var block: [Directive] = []
    }

    /// A rewrite of the server block; it ends the search, as all of them have the flag `last`.
    struct Rewrite {
        let pattern: String
        let replacement: String
        /// The method that it is not for.
        var exceptFor: String?
    }

    /// What this reader knows nothing of; a file that has it needs a better reader.
    struct Unsupported: Error {
        let words: [String]
    }

    let rewrites: [Rewrite]
    private let locations: [Directive]

    init(parsing text: String) throws {
        let directives = try Self.directives(of: text)
        locations = directives.filter { $0.words[0] == "location" }
        rewrites = try directives.flatMap { directive in
            switch directive.words[0] {
            case "rewrite": [try Self.rewrite(directive)]
            case "if": try directive.block.map { try Self.rewrite($0, within: directive) }
            case "location": [Rewrite]()
            default: throw Unsupported(words: directive.words)
            }
        }
    }

    /// The location that takes a request.
    ///
    /// - Parameter path: As nginx sees it: decoded, without a query.
    func location(for method: HTTPRequest.Method, _ path: String) throws -> Directive? {
        let rewrite = try rewrites.first {
            try $0.exceptFor != method.rawValue && path.contains(Regex($0.pattern))
        }
        return rewrite.flatMap { Self.location(for: $0.replacement, among: locations) }
    }

    private static func rewrite(
        _ directive: Directive, within condition: Directive? = nil
    ) throws -> Rewrite {
        guard directive.words.count == 4, directive.words[0] == "rewrite",
            directive.words[3] == "last"
        else { throw Unsupported(words: directive.words) }
        var rewrite = Rewrite(pattern: directive.words[1], replacement: directive.words[2])
        if let condition {
            guard condition.words.count == 4, condition.words[1] == "($request_method",
                condition.words[2] == "!=", condition.words[3].hasSuffix(")")
            else { throw Unsupported(words: condition.words) }
            rewrite.exceptFor = String(condition.words[3].dropLast())
        }
        return rewrite
    }

    /// The whole path comes before any prefix, and the longest prefix before the others; within it
    /// the search goes on.
    private static func location(for path: String, among all: [Directive]) -> Directive? {
        func written(_ location: Directive) -> String { location.words.last ?? "" }
        if let exact = all.first(where: { $0.words[1] == "=" && written($0) == path }) {
            return exact
        }
        let longest = all.filter { $0.words[1] == "^~" && path.hasPrefix(written($0)) }
            .max { written($0).count < written($1).count }
        guard let longest else { return nil }
        let inner = longest.block.filter { $0.words[0] == "location" }
        return location(for: path, among: inner) ?? longest
    }

    private static func directives(of text: String) throws -> [Directive] {
        var open: [Directive] = [Directive(words: ["file"])]
        var words: [String] = []
        for token in tokens(of: text) {
            switch token {
            case ";", "{":
                guard !words.isEmpty else { throw Unsupported(words: [token]) }
                open.append(Directive(words: words))
                words = []
                if token == ";" { try close(&open) }
            case "}": try close(&open)
            default: words.append(token)
            }
        }
        guard open.count == 1, words.isEmpty else { throw Unsupported(words: words) }
        return open[0].block
    }

    private static func close(_ open: inout [Directive]) throws {
        guard open.count > 1, let ended = open.popLast() else { throw Unsupported(words: ["}"]) }
        open[open.count - 1].block.append(ended)
    }

    /// Words, quoted ones without their quotes, and the signs between them; no comments.
    private static func tokens(of text: String) -> [String] {
        let token = /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[;{}]|[^\s;{}"'#][^\s;{}]*/
        return text.matches(of: token).compactMap { match in
            if match.0.hasPrefix("#") { return nil }
            return String(match.1 ?? match.2 ?? match.0)
        }
    }
}
