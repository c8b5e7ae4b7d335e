import Encoding

/// The record of a request, for tests to read. Secrets are stored only as fingerprints.
struct SeenRequest {
    let number: Int
    /// The time of the request, in milliseconds since 1970.
    let at: Int64
    /// The endpoint: `token`, `revoke`, …
    let endpoint: String
    let method: String
    let contentType: String?
    /// The client authentication: `basic`, `post`, `private_key_jwt` or `none`.
    let authentication: String
    let parameters: [Form.Field]
    let status: Int
    /// The events that the request caused, as the counters name them.
    let events: [String]

    private static let secrets: Set<String> = [
        "token", "refresh_token", "access_token", "code", "code_verifier", "client_secret",
        "client_assertion", "assertion", "fb_exchange_token",
    ]

    var json: JSONValue {
        .object([
            ("number", .integer(number)), ("at", .integer(at)), ("endpoint", .string(endpoint)),
            ("method", .string(method)), ("contentType", .string(orNull: contentType)),
            ("authentication", .string(authentication)), ("status", .integer(status)),
            ("events", .array(events.map { .string($0) })),
            ("parameters", .array(parameters.map(Self.describe))),
        ])
    }

    static func describe(_ field: Form.Field) -> JSONValue {
        secrets.contains(field.name)
            ? ["name": .string(field.name), "fingerprint": .string(Text.fingerprint(field.value))]
            : ["name": .string(field.name), "value": .string(field.value)]
    }
}
