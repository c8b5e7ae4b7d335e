import Encoding
import OAuth

/// The members of the field `connectionData`.
extension ConnectionDatum {
    static func read(_ reader: inout DefinitionReader) -> [ConnectionDatum]? {
        reader.names.compactMap { name in
            reader.object(name) { read(name, &$0) }
        }
    }

    private static func read(_ name: String, _ reader: inout DefinitionReader) -> ConnectionDatum {
        let datum = ConnectionDatum(
            name: name, source: reader.choice("from", Source.self) ?? .user,
            path: reader.path("name") ?? MemberPath(member: name), pattern: reader.text("pattern"),
            isOptional: reader.flag("optional") ?? false,
            choosesHost: reader.flag("choosesHost") ?? false, fallback: reader.text("default"),
            title: reader.text("title"), example: reader.text("example"))
        reader.require(
            isName(name), "the name must be of letters and digits, to stand in braces")
        return datum
    }

    var json: JSONValue {
        .object([
            ("from", .string(source.rawValue)),
            ("name", .string(path.text)),
            ("pattern", .string(orNull: pattern)),
            ("optional", .bool(isOptional)),
            ("choosesHost", .bool(choosesHost)),
            ("default", .string(orNull: fallback)),
            ("title", .string(orNull: title)),
            ("example", .string(orNull: example)),
        ])
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
