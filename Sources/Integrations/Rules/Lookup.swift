import Encoding

/// A request to the provider or its API right after connecting. ``ConnectionDatum``s are read from
/// the answer: the tenants that there are, the place of the account's data, the account's name.
package struct Lookup: Equatable, Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
    }

    /// An absolute URL, possibly with placeholders.
    package var uri: String
    package var method = Method.get
    /// The body of a POST, as JSON text.
    package var body: String?
    package var headers: [IntegrationDefinition.Parameter] = []
    /// The text before the token in the Authorization field, its space included; `nil` where the
    /// credential is placed as in any call.
    package var prefix: String?

    static func read(_ reader: inout DefinitionReader) -> Lookup {
        let lookup = Lookup(
            uri: reader.templateURL("uri", mayHaveQuery: true) ?? "",
            method: reader.choice("method", Method.self) ?? .get, body: reader.text("body"),
            headers: reader.parameters("headers") ?? [], prefix: reader.text("prefix"))
        reader.require(!lookup.uri.isEmpty, "'uri' is missing")
        reader.require(lookup.body == nil || lookup.method == .post, "'body' needs 'method: POST'")
        reader.requireFields(lookup.headers)
        return lookup
    }

    var json: JSONValue {
        .object([
            ("uri", .string(uri)),
            ("method", .string(method.rawValue)),
            ("body", .string(orNull: body)),
            ("headers", .object(headers.map { ($0.name, .string($0.value)) })),
            ("prefix", .string(orNull: prefix)),
        ])
    }
}
