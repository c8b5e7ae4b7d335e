import Encoding
import HTTPTypes

/// The fields in which an API announces its rate limit, where that is not just 429 with
/// `Retry-After`.
package struct RateLimitFields: Equatable, Sendable {
    /// Statuses beside 429 that may mean a rate limit, such as GitHub's 403: only when
    /// ``remaining`` says 0, or with `Retry-After`.
    package var statuses: [Int] = []
    /// The field with the number of calls that are left, such as `X-RateLimit-Remaining`.
    package var remaining: String?
    /// The field that says when calls are possible again, such as `X-RateLimit-Reset`.
    package var reset: String?
    package var resetFormat: ResetFormat?

    /// The meaning of the value in a reset field.
    package enum ResetFormat: String, Sendable, CaseIterable {
        /// Seconds from now, as in the IETF's `RateLimit-Reset`.
        case seconds
        case milliseconds
        /// Seconds since 1970.
        case epochSeconds = "epoch-seconds"
        case epochMilliseconds = "epoch-milliseconds"
        /// A date of HTTP or of RFC 3339.
        case date
    }

    static func read(_ reader: inout DefinitionReader) -> RateLimitFields {
        let fields = RateLimitFields(
            statuses: reader.wholeNumbers("statuses", 400...599) ?? [],
            remaining: reader.fieldName("remaining"), reset: reader.fieldName("reset"),
            resetFormat: reader.choice("resetFormat", ResetFormat.self))
        reader.require(
            fields.statuses.isEmpty || fields.remaining != nil,
            "'statuses' needs 'remaining', the field that tells a limit from a refusal")
        reader.require(
            fields.resetFormat == nil || fields.reset != nil, "'resetFormat' needs 'reset'")
        return fields
    }

    var json: JSONValue {
        .object([
            ("statuses", .array(statuses.map { .integer($0) })),
            ("remaining", .string(orNull: remaining)),
            ("reset", .string(orNull: reset)),
            ("resetFormat", .string(orNull: resetFormat?.rawValue)),
        ])
    }
}

extension DefinitionReader {
    /// Reads the name of a header field.
    mutating func fieldName(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        require(HTTPField.Name(text) != nil, "'\(name)' must be the name of a header field")
        return text
    }
}
