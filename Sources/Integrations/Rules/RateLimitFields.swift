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

}

extension RateLimitFields: FieldedObject {
    package static var initial: RateLimitFields { RateLimitFields() }

    package static let fields: [Field<RateLimitFields>] = [
        Field(
            "statuses", \.statuses, .wholeNumbers(400...599),
            """
            Further statuses that mean a rate limit when `remaining` is 0 or `Retry-After` is \
            present.
            """),
        Field(
            "remaining", \.remaining, .fieldName,
            "The header field with the number of calls that are left."),
        Field(
            "reset", \.reset, .fieldName,
            "The header field that says when calls are possible again."),
        Field(
            "resetFormat", \.resetFormat, .choice,
            "The format of `reset`: a time span, a Unix time, or a date."),
    ]

    package func checkRules(_ reader: inout DefinitionReader) {
        reader.require(
            statuses.isEmpty || remaining != nil,
            "'statuses' needs 'remaining', the field that tells a limit from a refusal")
        reader.require(resetFormat == nil || reset != nil, "'resetFormat' needs 'reset'")
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
