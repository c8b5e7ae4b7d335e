import Encoding

/// The URL that a proxied call goes to. Whatever the caller wrote, it lies under the
/// integration's base (SECURITY.md 27 and 28).
package struct ProxyTarget: Equatable, Sendable {
    package private(set) var url: String
    let origin: AbsoluteURL.Origin

    /// Joins a path, with or without a query, to the base: `base` + `/files?…`, not resolved as
    /// a relative reference.
    ///
    /// - Parameter relative: As written: percent-encoded, beginning with `/`.
    /// - Throws: ``ConnectionsError/invalid(code:detail:)``.
    package init(relative: some StringProtocol, base: String) throws {
        guard let baseURL = AbsoluteURL(base) else {
            throw Self.forbidden("The base is not a URL.")
        }
        let parts = relative.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        try Self.check(path: parts[0])
        if parts.count > 1 { try Self.check(query: parts[1]) }
        origin = baseURL.origin
        let trimmed = base.hasSuffix("/") ? base.dropLast() : base[...]
        url = String(trimmed + relative)
    }

    /// Takes what a caller wrote as the URL of a call: absolute, under one of the bases, or a path.
    ///
    /// - Parameter bases: The integration's base URL first, then its further hosts.
    /// - Throws: ``ConnectionsError/invalid(code:detail:)``.
    package init(_ text: String, bases: [String]) throws {
        guard let base = bases.first, !text.isEmpty else {
            throw Self.forbidden("'url' is empty.")
        }
        if text.hasPrefix("//") {
            throw Self.forbidden("'url' must not begin with '//': write the scheme, or a path.")
        }
        if text.hasPrefix("/") || text.hasPrefix("?") {
            try self.init(relative: text, base: base)
        } else if Self.hasScheme(text) {
            try self.init(absolute: text, bases: bases)
        } else {
            try self.init(relative: "/" + text, base: base)
        }
    }

    private init(absolute text: String, bases: [String]) throws {
        guard let url = AbsoluteURL(text) else {
            throw Self.forbidden("'url' is not an http or https URL in its plain form.")
        }
        guard bases.contains(where: { AbsoluteURL($0).map(url.lies(under:)) ?? false }) else {
            throw Self.forbidden("'url' does not lie under the integration's apiBaseUri.")
        }
        try Self.check(path: url.path)
        origin = url.origin
        self.url = text
    }

    /// Adds query parameters behind those that are there.
    package mutating func append(_ parameters: Form) {
        guard !parameters.fields.isEmpty else { return }
        url += (url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + parameters.encoded
    }

    private static func hasScheme(_ text: String) -> Bool {
        let head = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return head.utf8.contains(UInt8(ascii: ":"))
    }

    private static func check(query: some StringProtocol) throws {
        guard AbsoluteURL.isQuery(query) else {
            throw forbidden("The query has a space, a '#' or a control character.")
        }
    }

    /// How often a path may be encoded over: nobody means more, and each stage costs a pass.
    private static let maximumStages = 8

    /// Decodes the path again and again until nothing changes, as a careless server might, and
    /// looks at every stage. `%2F` as such is legitimate.
    private static func check(path: some StringProtocol) throws {
        guard AbsoluteURL.isPath(path) else {
            throw forbidden("The path has a character that must be percent-encoded.")
        }
        var stage = Array(path.utf8)
        for _ in 0..<maximumStages {
            try check(stage)
            let next = decodeOnce(stage)
            if next == stage { return }
            stage = next
        }
        throw forbidden("The path is percent-encoded again and again.")
    }

    private static func check(_ path: [UInt8]) throws {
        guard path.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw forbidden("The path has a backslash or a control character, plain or encoded.")
        }
        for segment in path.split(separator: UInt8(ascii: "/")) {
            // A server that knows path parameters reads '..;x' as '..'.
            let name = segment.prefix { $0 != UInt8(ascii: ";") }
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) {
                throw forbidden("The path has a '.' or '..' segment, plain or encoded.")
            }
        }
    }

    /// Decodes what is well-formed and leaves the rest, as a careless server would.
    private static func decodeOnce(_ text: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
                let value = UInt8(hexadecimal: text[index + 1], text[index + 2])
            {
                decoded.append(value)
                index += 3
            } else {
                decoded.append(text[index])
                index += 1
            }
        }
        return decoded
    }

    private static func forbidden(_ detail: String) -> ConnectionsError {
        .invalid(code: "forbidden_url", detail: detail)
    }
}

extension AbsoluteURL {
    /// Whether this has the base's origin and its path begins with the base's whole segments.
    func lies(under base: AbsoluteURL) -> Bool {
        guard origin == base.origin else { return false }
        let prefix = base.path.hasSuffix("/") ? base.path.dropLast() : base.path[...]
        return path == prefix || path.hasPrefix(prefix + "/")
    }
}

extension UInt8 {
    fileprivate init?(hexadecimal high: UInt8, _ low: UInt8) {
        guard let high = Character(Unicode.Scalar(high)).hexDigitValue,
            let low = Character(Unicode.Scalar(low)).hexDigitValue
        else { return nil }
        self = UInt8(high << 4 | low)
    }
}
