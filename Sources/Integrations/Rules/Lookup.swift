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

}

extension Lookup: FieldedObject {
    package static var initial: Lookup { Lookup(uri: "") }

    package static let fields: [Field<Lookup>] = [
        Field("uri", \.uri, .url(of: .lookup), traits: .required, "The URL."),
        Field("method", \.method, .choice, "The method."),
        Field("body", \.body, .text.sent(as: .body), "The body of a POST: a JSON text."),
        Field("headers", \.headers, .headers(of: .lookup), "Header fields."),
        Field(
            "prefix", \.prefix, .text,
            """
            The text before the token in `Authorization`, its space included; without it the \
            credential is placed as in calls.
            """),
    ]

    package func checkRules(_ reader: inout DefinitionReader) {
        reader.require(body == nil || method == .post, "'body' needs 'method: POST'")
        reader.requireFields(headers)
    }
}
