import Encoding

/// Rules for sending a call again.
package struct RetryRules: Equatable, Sendable {
    /// The most times that a call is sent, the first one included; with 1 it is never repeated.
    package var attempts = 3
    /// Whether the API honours `Idempotency-Key`, so that POST and PATCH with one may be sent
    /// again.
    package var honoursIdempotencyKey = false

    static func read(_ reader: inout DefinitionReader) -> RetryRules {
        var rules = RetryRules()
        rules.attempts = reader.wholeNumber("attempts", 1...3) ?? rules.attempts
        rules.honoursIdempotencyKey = reader.flag("honoursIdempotencyKey") ?? false
        return rules
    }

    var json: JSONValue {
        .object([
            ("attempts", .integer(attempts)),
            ("honoursIdempotencyKey", .bool(honoursIdempotencyKey)),
        ])
    }
}
