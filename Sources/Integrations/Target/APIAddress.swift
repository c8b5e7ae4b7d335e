import Addressing
import HTTPTypes
import OAuth
import Primitives
import Templates

/// Where the API of an integration lies, and what each call to it says.
package struct APIAddress: Sendable {
    /// A base URL, taken apart once.
    package struct Base: Sendable {
        /// As written, which is what a call without a path goes to.
        package let whole: String
        /// The same without a slash at its end, for a path to follow.
        let text: String
        package let url: AbsoluteURL

        package init?(_ text: String) {
            guard let url = AbsoluteURL(text) else { return nil }
            whole = text
            self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
            self.url = url
        }
    }

    /// What paths are joined to.
    package let base: Base
    /// What absolute URLs may lie under beside it.
    let furtherBases: [Base]
    /// Fixed fields.
    package let headers: HTTPFields

    /// - Throws: ``InputError/conflict(code:detail:)`` when the connection keeps no fit value
    ///   for a placeholder.
    package init(_ definition: IntegrationDefinition, _ data: ConnectionData) throws {
        base = try Self.base(definition.apiBaseUri, data)
        furtherBases = try definition.apiHosts.map { try Self.base($0, data) }
        var headers = HTTPFields()
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

    /// The value of a fixed field with what a connection keeps. Names that stand for nothing are
    /// just text.
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
