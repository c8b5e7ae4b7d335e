import Encoding

/// Limits on the network connections to an API, and on the time that idle ones are kept; `nil`
/// stands for the default. All calls to a host count, each integration with its own limits.
package struct APIConnections: Equatable, Sendable {
    /// The most connections at a time, in each process.
    package var max: Int?
    /// The seconds that a call waits for its turn.
    package var wait: Double?
    /// The number of idle connections that are kept.
    package var idleMax: Int?
    /// The seconds that an idle connection is kept.
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
