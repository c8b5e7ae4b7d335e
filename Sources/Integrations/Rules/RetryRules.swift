/// Rules for sending a call again.
package struct RetryRules: Equatable, Sendable {
    /// The most times that a call is sent, the first one included; with 1 it is never repeated.
    package var attempts = 3
    /// Whether the API honours `Idempotency-Key`, so that POST and PATCH with one may be sent
    /// again.
    package var honoursIdempotencyKey = false

}

extension RetryRules: FieldedObject {
    package static var initial: RetryRules { RetryRules() }

    package static let fields: [Field<RetryRules>] = [
        Field(
            "attempts", \.attempts, .wholeNumber(1...3),
            "The most times that a call is sent, the first one included."),
        Field(
            "honoursIdempotencyKey", \.honoursIdempotencyKey, .flag,
            "Whether POST and PATCH with an `Idempotency-Key` may be sent again."),
    ]
}
