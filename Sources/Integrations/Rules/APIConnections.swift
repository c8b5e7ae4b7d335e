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

}

extension APIConnections: FieldedObject {
    package static var initial: APIConnections { APIConnections() }

    package static let fields: [Field<APIConnections>] = [
        Field(
            "max", \.max, .wholeNumber(1...10_000),
            """
            The most network connections to the API's host at a time in each process, idle ones \
            included. Without it a call waits only while the host has not answered on the \
            connections that were opened last.
            """),
        Field(
            "wait", \.wait, .number(0...60),
            "Seconds that a call waits for its turn before it is a 503 (5 unless set); needs `max`."
        ),
        Field(
            "idleMax", \.idleMax, .wholeNumber(0...64),
            "The number of idle connections that are kept (2 unless set)."),
        Field(
            "idle", \.idle, .number(0...600),
            "Seconds that an idle connection is kept (15 unless set)."),
    ]

    package func checkRules(_ reader: inout DefinitionReader) {
        reader.require(
            wait == nil || max != nil, "'wait' needs 'max': without, a call does not wait for long")
    }
}
