import Encoding
import OAuth

/// The field `tokenResponse` of an integration. Members that are absent are as in RFC 6749.
extension TokenResponseShape {
    static func read(_ reader: inout DefinitionReader) -> TokenResponseShape {
        var shape = TokenResponseShape()
        shape.container = reader.path("at")
        for field in Field.allCases { shape.paths[field] = reader.path(field.rawValue) }
        shape.lifetime = reader.wholeNumber("lifetime", 1...3_155_760_000)
        shape.tokenTypes = (reader.texts("tokenTypes") ?? []).map { $0.lowercased() }
        shape.failure = reader.object("failure", readFailure)
        return shape
    }

    private static func readFailure(_ reader: inout DefinitionReader) -> Failure? {
        let member = reader.path("member")
        let value = reader.plainText("is")
        reader.require(member != nil && value != nil, "'member' and 'is' are needed")
        guard let member, let value else { return nil }
        return Failure(member: member, value: value)
    }

    var json: JSONValue {
        .object(
            [("at", .string(orNull: container?.text))]
                + Field.allCases.map { ($0.rawValue, .string(orNull: paths[$0]?.text)) }
                + [
                    ("lifetime", .integer(orNull: lifetime)),
                    ("tokenTypes", .array(tokenTypes.map { .string($0) })),
                    (
                        "failure",
                        failure.map {
                            ["member": .string($0.member.text), "is": .string($0.value)]
                        } ?? .null
                    ),
                ])
    }
}
