/// Time-outs of an API, in seconds; `nil` stands for the configuration's.
package struct CallTimeouts: Equatable, Sendable {
    /// The time until a connection is established, TLS included.
    package var connect: Double?
    /// The time until the answer's head has arrived, all attempts together.
    package var head: Double?
    /// The time between two pieces of the answer.
    package var idle: Double?

}

extension CallTimeouts: FieldedObject {
    package static var initial: CallTimeouts { CallTimeouts() }

    package static let fields: [Field<CallTimeouts>] = [
        Field(
            "connect", \.connect, .number(1...3600),
            "Until a network connection is established, TLS included."),
        Field(
            "head", \.head, .number(1...3600),
            "Until the answer's header has arrived, all attempts together."),
        Field("idle", \.idle, .number(1...3600), "Between two pieces of the answer."),
    ]
}
