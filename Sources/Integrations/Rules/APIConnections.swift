import Encoding

/// How many network connections an API is given, and how long idle ones are kept; `nil` is as usual.
/// They count for all that goes to the same host, each integration with its own numbers.
package struct APIConnections: Equatable, Sendable {
    /// The most at a time, in each process.
    package var max: Int?
    /// How long a call waits for its turn, in seconds.
    package var wait: Double?
    /// How many idle ones are kept.
    package var idleMax: Int?
    /// How long, in seconds.
    package var idle: Double?

    static func read(_ reader: inout DefinitionReader) -> APIConnections {
        let connections = APIConnections(
            max: reader.wholeNumber("max", 1...10_000), wait: reader.number("wait", 0...60),
            idleMax: reader.wholeNumber("idleMax", 0...64), idle: reader.number("idle", 0...600))
        reader.require(
            connections.wait == nil || connections.max != nil,
            "'wait' needs 'max': without, a call does not wait for long")
        return connections
    }

    var json: JSONValue {
        .object([
            ("max", .integer(orNull: max)),
            ("wait", .number(orNull: wait)),
            ("idleMax", .integer(orNull: idleMax)),
            ("idle", .number(orNull: idle)),
        ])
    }
}
