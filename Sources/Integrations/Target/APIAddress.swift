import Addressing
import HTTPTypes
import Headers
import OAuth
import Primitives
import Templates

/// The address of an integration's API, and the fixed header fields of each call to it.
///
/// A class, so that each call has a reference and no copy.
package final class APIAddress: Sendable {
    /// A base URL, parsed once.
    package struct Base: Sendable {
        /// The URL to which a call without a path goes.
        package let url: AbsoluteURL
        /// The URL's path without a slash at its end, to which a call's path is appended.
        let path: String
        /// The URL as written, without a slash at its end, for people to read.
        let text: String

        package init?(_ text: String) {
            guard let url = AbsoluteURL(text) else { return nil }
            self.url = url
            path = Self.withoutSlash(url.target)
            self.text = Self.withoutSlash(text)
        }

        private static func withoutSlash(_ text: String) -> String {
            text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }

    /// The base URL to which paths are joined.
    package let base: Base
    /// Further base URLs under which absolute URLs may lie.
    let furtherBases: [Base]
    /// The fixed header fields.
    package let headers: HeaderFields

    /// - Throws: ``InputError/conflict(code:detail:)`` when the connection keeps no fit value
    ///   for a placeholder.
    package init(_ definition: IntegrationDefinition, _ data: ConnectionData) throws {
        base = try Self.base(definition.apiBaseUri, data)
        furtherBases = try definition.apiHosts.map { try Self.base($0, data) }
        var headers = HeaderFields()
        for header in definition.headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            headers[name] = try definition.filled(header.value, with: data)
        }
        self.headers = headers
    }

    private static func base(_ text: String, _ data: ConnectionData) throws -> Base {
        let url = try URLTemplate.fill(text, with: data)
        guard let base = Base(url) else { throw InputError.missingData("apiBaseUri") }
        return base
    }
}

extension IntegrationDefinition {
    /// The names of the placeholders that decide where calls go and what they say.
    var placeholders: [String] {
        ([apiBaseUri] + apiHosts + headers.map(\.value)).flatMap { Template($0).names }
    }

    /// Fills the value of a fixed field with the data of a connection. Braces around a name that is
    /// not in `connectionData` are plain text.
    ///
    /// - Throws: ``InputError/conflict(code:detail:)`` when the connection keeps no value.
    package func filled(_ text: String, with data: ConnectionData) throws -> String {
        try Template(text).filled { name in
            guard connectionData.contains(where: { $0.name == name }) else { return nil }
            guard let value = data[name] else { throw InputError.missingData(name) }
            return value
        }
    }
}
