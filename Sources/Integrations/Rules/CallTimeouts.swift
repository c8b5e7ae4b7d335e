import Encoding

/// An API's own time-outs, in seconds; `nil` is the configuration's.
package struct CallTimeouts: Equatable, Sendable {
    /// Until a connection stands, TLS included.
    package var connect: Double?
    /// Until the answer's head is there, all attempts together.
    package var head: Double?
    /// Between two pieces of the answer.
    package var idle: Double?

    static func read(_ reader: inout DefinitionReader) -> CallTimeouts {
        CallTimeouts(
            connect: reader.number("connect", 1...3600), head: reader.number("head", 1...3600),
            idle: reader.number("idle", 1...3600))
    }

    var json: JSONValue {
        .object([
            ("connect", .number(orNull: connect)),
            ("head", .number(orNull: head)),
            ("idle", .number(orNull: idle)),
        ])
    }
}
