import HTTPTypes
import Headers
import Integrations
import Primitives

/// The fields of WebDAV in which a call names another resource than its own (RFC 4918 §10.3,
/// §10.4): they mean the API and not this host, and are checked against the bases like the call's
/// URL.
package struct SecondResource {
    static let names = FieldNameSet(names: ["destination", "if"])
    let address: APIAddress
    let relay: RelayAddress

    /// Makes `Destination`, and the tags of `If`, name the API's resources.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)`` for a destination outside the bases.
    func translate(_ headers: inout HeaderFields) throws {
        if let text = headers[.destination] {
            headers[.destination] = try destination(text)
        }
        if let tagged = headers[.ifTagged] { headers[.ifTagged] = withTags(of: tagged) }
    }

    /// Returns the URL that a destination means: one under the relay's own address, one under the
    /// bases, the API's own path, or a path below `apiBaseUri`.
    private func destination(_ text: String) throws -> String {
        do {
            if let rest = relay.rest(of: text) {
                return try ProxyTarget(relative: rest, base: address.base).url.description
            }
            return try ProxyTarget(ownPath(text) ?? text, at: address).url.description
        } catch InputError.invalid(let code, let detail) {
            throw InputError.invalid(
                code: code,
                detail:
                    "'Destination' must be a path below apiBaseUri, or a URL under it: \(detail)"
            )
        }
    }

    /// Returns the absolute URL of a path as the API itself writes it, beginning with that of
    /// `apiBaseUri`.
    private func ownPath(_ text: String) -> String? {
        let base = address.base.url.path
        let beginning = base.hasSuffix("/") ? base : base + "/"
        guard beginning != "/", text.hasPrefix(beginning) else { return nil }
        return "\(address.base.url.origin)\(text)"
    }

    /// Returns the lists, with the API's resources in place of the tags (`</x> (<token>)`) under
    /// the relay's own address. Other tags stay as they are: they ask for nothing, and an API that
    /// does not know them reports that.
    private func withTags(of text: String) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == "(" }) {
            let isTag = rest[open] == "<"
            result += rest[...open]
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: isTag ? ">" : ")") else { break }
            let inner = String(rest[..<close])
            result += isTag ? tag(inner) : inner
            rest = rest[close...]
        }
        return result + rest
    }

    private func tag(_ text: String) -> String {
        guard let rest = relay.rest(of: text),
            let target = try? ProxyTarget(relative: rest, base: address.base)
        else { return text }
        return target.url.description
    }
}

extension HTTPField.Name {
    fileprivate static let destination = HTTPField.Name.known("Destination")
    fileprivate static let ifTagged = HTTPField.Name.known("If")
}
