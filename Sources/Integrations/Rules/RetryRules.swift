import Encoding

/// How often a call is sent at most, and which methods may be.
package struct RetryRules: Equatable, Sendable {
    /// The first one included; 1 is never again.
    package var attempts = 3
    /// Whether the API keeps to `Idempotency-Key`, so that POST and PATCH with one may be sent
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
