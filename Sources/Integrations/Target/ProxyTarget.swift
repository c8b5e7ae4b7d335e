import Addressing
import Encoding
import Primitives

/// The URL to which a proxied call goes. For every input of a caller, it lies under a base URL of
/// the integration (SECURITY 27 and 28).
package struct ProxyTarget: Equatable, Sendable {
    /// Path and query as the caller wrote them.
    package private(set) var url: AbsoluteURL

    /// Joins a path, with or without a query, to the base: `base` + `/files?…`, not resolved as
    /// a relative reference. Without a path, the target is the base itself.
    ///
    /// - Parameter relative: The text as written: percent-encoded, beginning with `/` or `?`, or
    ///   empty.
    /// - Throws: ``InputError/invalid(code:detail:)``.
    package init(relative: String, base: APIAddress.Base) throws {
        let path = relative.utf8.prefix { $0 != UInt8(ascii: "?") }
        try PathScrutiny.check(path)
        let target = (path.isEmpty ? base.url.target : base.path) + relative
        guard let url = AbsoluteURL(origin: base.url.origin, target: target) else {
            throw Self.forbidden("The query has a space, a '#' or a control character.")
        }
        self.url = url
    }

    /// Reads the URL of a call as its caller wrote it: absolute, under one of the bases, or a path.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)``.
    package init(_ text: String, at address: APIAddress) throws {
        guard !text.isEmpty else { throw Self.forbidden("'url' is empty.") }
        if text.hasPrefix("//") {
            throw Self.forbidden("'url' must not begin with '//': write the scheme, or a path.")
        }
        if text.hasPrefix("/") || text.hasPrefix("?") {
            try self.init(relative: text, base: address.base)
        } else if Self.hasScheme(text) {
            guard let url = AbsoluteURL(text) else {
                throw Self.forbidden("'url' is not an http or https URL in its plain form.")
            }
            try self.init(url, at: address)
        } else {
            try self.init(relative: "/" + text, base: address.base)
        }
    }

    /// Makes a target of a URL that no caller chooses: the integration's own, or an API's redirect.
    package init(own url: AbsoluteURL) {
        self.url = url
    }

    /// Makes a target of a URL under one of the bases.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)``.
    package init(_ url: AbsoluteURL, at address: APIAddress) throws {
        guard ([address.base] + address.furtherBases).contains(where: { url.lies(under: $0.url) })
        else {
            throw Self.forbidden(
                "'url' lies neither under the integration's apiBaseUri nor under one of its "
                    + "apiHosts.")
        }
        try PathScrutiny.check(url.path.utf8[...])
        self.url = url
    }

    /// Appends query parameters to those that the URL has.
    package mutating func append(_ parameters: Form) {
        url = url.appending(parameters)
    }

    /// Returns whether a text can be the path of a call, with or without a query.
    static func isPath(_ text: String) -> Bool {
        APIAddress.Base("https://x").map { (try? ProxyTarget(relative: text, base: $0)) != nil }
            ?? false
    }

    private static func hasScheme(_ text: String) -> Bool {
        let head = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return head.utf8.contains(UInt8(ascii: ":"))
    }

    package static func forbidden(_ detail: String) -> InputError {
        .invalid(code: .forbiddenURL, detail: detail)
    }
}

extension AbsoluteURL {
    /// Returns whether the URL has the base's origin, and a path that begins with all of the
    /// base's segments.
    func lies(under base: AbsoluteURL) -> Bool {
        guard origin == base.origin else { return false }
        let prefix = base.path.hasSuffix("/") ? base.path.dropLast() : base.path[...]
        return path == prefix || path.hasPrefix(prefix + "/")
    }
}
