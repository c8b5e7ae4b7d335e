import Encoding

/// Time-outs of an API, in seconds; `nil` stands for the configuration's.
package struct CallTimeouts: Equatable, Sendable {
    /// The time until a connection is established, TLS included.
    package var connect: Double?
    /// The time until the answer's head has arrived, all attempts together.
    package var head: Double?
    /// The time between two pieces of the answer.
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
