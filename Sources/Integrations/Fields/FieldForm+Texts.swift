import Encoding
import OAuth
import Primitives

extension FieldForm where Value == String {
    /// Any text.
    static var text: Self { text(takes: "text") { $0.text($1) } }

    /// A text that can be shown and sent.
    ///
    /// - Parameters:
    ///   - longest: The most characters.
    ///   - mayBeEmpty: Whether an empty text stands for none.
    ///   - mayHaveLines: Whether line ends and tabs are allowed.
    static func text(
        upTo longest: Int, mayBeEmpty: Bool = false, mayHaveLines: Bool = false
    ) -> Self {
        text(takes: "text", [("maxLength", .integer(longest))]) {
            $0.text($1)
        }.checked(upTo: longest, mayBeEmpty: mayBeEmpty, mayHaveLines: mayHaveLines)
    }

    /// A text that is often written as a number, such as a client's id; returned as a text.
    static func textOrNumber(upTo longest: Int, mayBeEmpty: Bool = false) -> Self {
        FieldForm(
            takes: "text or number",
            schema: [("type", ["string", "number"]), ("maxLength", .integer(longest))],
            read: { $0.textOrNumber($1) }, json: { .string($0) }
        ).checked(upTo: longest, mayBeEmpty: mayBeEmpty)
    }

    /// A text, number or boolean, as text.
    static var plainText: Self {
        FieldForm(
            takes: "text, number, true or false",
            schema: [("type", ["string", "number", "boolean"])], read: { $0.plainText($1) },
            json: { .string($0) })
    }

    /// A text that people read on a page.
    static func phrase(upTo longest: Int) -> Self {
        let length: [(String, JSONValue)] = [("minLength", 1), ("maxLength", .integer(longest))]
        return text(takes: "text", length) { reader, name in
            let phrase = reader.text(name)
            reader.require(
                phrase.map { (1...longest).contains($0.count) } ?? true,
                "'\(name)' must be a text of 1 to \(longest) characters")
            return phrase
        }
    }

    /// A slug: the name of an integration in paths.
    static var slug: Self {
        let pattern: JSONValue = "^(?!integration-)[a-z0-9][a-z0-9._-]{0,63}$"
        return text(takes: "1 to 64 of `a-z0-9._-`", [("pattern", pattern)]) { $0.text($1) }
    }

    /// A scope, separated by spaces; in YAML a long one stands on several lines.
    static var scope: Self {
        text(takes: "text", [("maxLength", 8192)]) { reader, name in
            reader.text(name).map {
                $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            }
        }.checked(upTo: 8192, mayBeEmpty: true).sent(as: .constant)
    }

    /// A URL to which no request goes.
    static var url: Self {
        text(takes: "URL", [("format", "uri")]) { $0.url($1) }
    }

    /// The URL of an endpoint, possibly with placeholders.
    static func url(of endpoint: ProviderEndpoint, mayHaveQuery: Bool = true) -> Self {
        text(takes: "URL, may have placeholders") {
            $0.templateURL($1, mayHaveQuery: mayHaveQuery)
        }.sent(as: .url(endpoint))
    }

    /// A regular expression of ``ValuePattern``.
    static var pattern: Self { text(takes: "pattern", [("format", "regex")]) { $0.text($1) } }

    /// A secret of at most so many bytes, on one line.
    static func secret(upToBytes longest: Int) -> Self {
        var form = text(takes: "text", [("maxLength", .integer(longest))]) { $0.text($1) }
        form.check = { secret, name, reader in
            reader.require(
                !secret.unicodeScalars.contains(where: \.isControl),
                "'\(name)' must not have control characters or line ends")
            reader.require(
                secret.utf8.count <= longest,
                "'\(name)' must not be longer than \(longest) bytes")
        }
        return form
    }

    /// The name of a header field.
    static var fieldName: Self { text(takes: "name of a header field") { $0.fieldName($1) } }

    /// Returns the form of a text that is sent, with the placeholders that its role allows.
    func sent(as role: TextRole) -> Self {
        var form = self
        form.texts = [
            FieldText(
                path: "", role: role, values: { [(name: "", text: $0)] }, map: { $0 = $1($0) })
        ]
        return form
    }

    private static func text(
        takes: String, _ schema: [(String, JSONValue)] = [],
        _ read: @escaping @Sendable (inout DefinitionReader, String) -> String?
    ) -> Self {
        FieldForm(
            takes: takes, schema: [("type", "string")] + schema, read: read, json: { .string($0) })
    }

    private func checked(upTo longest: Int, mayBeEmpty: Bool, mayHaveLines: Bool = false) -> Self {
        var form = self
        form.check = { text, name, reader in
            // A field that is absent is reported, if at all, as missing.
            guard !text.isEmpty || !mayBeEmpty && reader.has(name) else { return }
            reader.checkText(text, of: name, longest: longest, mayHaveLines: mayHaveLines)
        }
        return form
    }
}

extension FieldForm where Value == [String] {
    static var texts: Self { texts(takes: "list of texts") { $0.texts($1) } }

    /// Base URLs of an endpoint, possibly with placeholders.
    static func urls(of endpoint: ProviderEndpoint) -> Self {
        texts(takes: "list of URLs, may have placeholders") { $0.baseURLs($1) }
            .sent(as: .url(endpoint))
    }

    /// Media types without parameters.
    static var mediaTypes: Self {
        let items: JSONValue = ["type": "string", "pattern": "^[^/;, ]+/[^/;, ]+$"]
        return texts(
            takes: "list of media types", items: items,
            [("maxItems", .integer(DefinitionReader.mostMediaTypes))]
        ) { $0.mediaTypes($1) }
    }

    /// Ids of users.
    static var userIDs: Self {
        let items: JSONValue = [
            "type": "string", "minLength": 1, "maxLength": .integer(UserID.longest),
        ]
        var form = texts(takes: "list of user ids", items: items) { $0.texts($1) }
        form.check = { users, name, reader in
            // Named by their places, since one may not be fit to be shown.
            let refused = users.indices.filter { !UserID.isValid(users[$0]) }.map { "\($0 + 1)" }
            reader.require(
                refused.isEmpty,
                "'\(name)' has an invalid user id in place \(refused.abbreviated()). \(UserID.rule)"
            )
        }
        return form
    }

    /// Returns the form of texts that are sent, with the placeholders that their role allows.
    func sent(as role: TextRole) -> Self {
        var form = self
        form.texts = [
            FieldText(
                path: "", role: role, values: { $0.map { (name: "", text: $0) } },
                map: { texts, transform in texts = texts.map(transform) })
        ]
        return form
    }

    private static func texts(
        takes: String, items: JSONValue = ["type": "string"], _ schema: [(String, JSONValue)] = [],
        _ read: @escaping @Sendable (inout DefinitionReader, String) -> [String]?
    ) -> Self {
        FieldForm(
            takes: takes, schema: [("type", "array"), ("items", items)] + schema, read: read,
            json: { .array($0.map { .string($0) }) })
    }
}

extension FieldForm where Value == [IntegrationDefinition.Parameter] {
    /// Names with texts.
    static var parameters: Self {
        FieldForm(
            takes: "object of texts",
            schema: [("type", "object"), ("additionalProperties", ["type": "string"])],
            read: { $0.parameters($1) },
            json: { .object($0.map { ($0.name, .string($0.value)) }) })
    }

    /// Further parameters of an endpoint.
    static func parameters(of endpoint: ProviderEndpoint) -> Self {
        parameters.sent(as: .parameters(endpoint))
    }

    /// Further header fields of an endpoint.
    static func headers(of endpoint: ProviderEndpoint) -> Self {
        parameters.sent(as: .headers(endpoint))
    }

    private func sent(as role: TextRole) -> Self {
        var form = self
        form.texts = [
            FieldText(
                path: "", role: role,
                values: { $0.map { (name: $0.name, text: $0.value) } },
                map: { parameters, transform in
                    parameters = parameters.map { .init(name: $0.name, value: transform($0.value)) }
                })
        ]
        return form
    }
}

extension FieldForm where Value == MemberPath {
    /// A path into JSON.
    static var path: Self {
        FieldForm(
            takes: "path such as `team.id`", schema: [("type", "string")], read: { $0.path($1) },
            json: { .string($0.text) })
    }
}
