import Encoding
import OAuth

/// The members of the field `connectionData`.
extension ConnectionDatum: FieldedObject {
    package static var initial: ConnectionDatum { ConnectionDatum(named: "") }

    package static let fields: [Field<ConnectionDatum>] = [
        Field(
            "from", \.source, .choice,
            """
            The source of the value: `data`, the user who connects, a parameter of the callback, \
            the token response, or the answer to `lookup`.
            """),
        Field(
            "name", .path, get: \.path,
            set: { $0.path = $1 ?? MemberPath(member: $0.name) },
            """
            The value's place there: a parameter of the callback or a member of the answer, such \
            as `[0].id` or `accounts[is_default=true][0].base_uri`. The value's own name unless set.
            """),
        Field(
            "pattern", \.pattern, .pattern,
            """
            A regular expression that the whole value matches: characters, sets, groups, `|` and \
            repetitions, in printable ASCII, without look-ahead and look-behind. Without a pattern \
            the value is only shown to people, and stands in no URL.
            """),
        Field(
            "optional", \.isOptional, .flag, "Whether a connection may be without the value."),
        Field(
            "choosesHost", \.choosesHost, .flag,
            """
            Whether a value from the user or the callback may choose the host of a URL by itself. \
            Without it, a `pattern` that fits any host is refused there.
            """),
        Field("default", \.fallback, .text, "The value when none is given."),
        Field("title", \.title, .text, "The label of the value on the page that asks for it."),
        Field("example", \.example, .text, "An example of a value."),
    ]

    /// Reads a member of `connectionData`.
    static func read(_ name: String, _ reader: inout DefinitionReader) -> ConnectionDatum {
        var datum = ConnectionDatum(named: name)
        datum.readFields(&reader)
        reader.require(
            isName(name), "the name must be of letters and digits, to stand in braces")
        return datum
    }

    /// The question that the page for connecting asks the user.
    package var question: JSONValue {
        .object([
            ("name", .string(name)),
            ("title", .string(orNull: title)),
            ("pattern", .string(orNull: pattern)),
            ("example", .string(orNull: example)),
            ("default", .string(orNull: fallback)),
            ("required", .bool(isAsked)),
        ])
    }
}
