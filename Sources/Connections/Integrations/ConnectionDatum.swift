import Encoding

/// A value that an integration keeps about each connection, such as Salesforce's instance URL or a
/// shop's name: shown in the connection's `data`, and put in place of `{name}` in `apiBaseUri`,
/// `apiHosts` and fixed header fields.
package struct ConnectionDatum: Equatable, Sendable {
    /// As it stands in braces.
    package let name: String
    package let source: Source
    /// The member of the token response; dots lead into objects.
    package let member: String
    /// A regular expression that the whole value must match, before it comes near a host's name.
    package let pattern: String

    package enum Source: String, Sendable, CaseIterable {
        /// Given by whoever connects.
        case user
        /// In the provider's token response (RFC 6749 §5.1 lets it say more than it must).
        case token
    }

    /// Nothing that belongs into a URL is longer.
    private static let longest = 255

    /// Whether a value may be kept.
    func accepts(_ value: String) -> Bool {
        guard !value.isEmpty, value.utf8.count <= Self.longest,
            value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let pattern = try? Regex(pattern)
        else { return false }
        return value.wholeMatch(of: pattern) != nil
    }

    /// Reads the members of the field `connectionData`.
    static func read(_ reader: inout DefinitionReader) -> [ConnectionDatum]? {
        reader.names.compactMap { name in
            reader.object(name) { read(name, &$0) }
        }
    }

    private static func read(_ name: String, _ reader: inout DefinitionReader) -> ConnectionDatum {
        let source = reader.choice("from", Source.self) ?? .user
        let datum = ConnectionDatum(
            name: name, source: source, member: reader.text("name") ?? name,
            pattern: reader.requiredText("pattern"))
        reader.require(
            isName(name), "the name must be of letters and digits, to stand in braces")
        reader.require(
            (try? Regex(datum.pattern)) != nil, "'pattern' must be a regular expression")
        return datum
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    var json: JSONValue {
        .object([
            ("from", .string(source.rawValue)),
            ("name", .string(member)),
            ("pattern", .string(pattern)),
        ])
    }
}
