/// The limits on the connections to a server, and on the time for which idle ones are kept.
package struct ConnectionLimits: Equatable, Sendable {
    /// The limits where nothing else is said.
    package static let usual = ConnectionLimits()

    /// The most at a time, idle ones included; `nil` for as many as are needed.
    package var most: Int?
    /// The time for which a request waits for its turn where there is a `most`.
    package var wait: Duration
    /// The number of idle connections that stay for the time `idle`, those used last. Others stay
    /// for a moment, for requests that come in a row.
    package var idleMost: Int
    package var idle: Duration

    package init(
        most: Int? = nil, wait: Duration = .seconds(5), idleMost: Int = 2,
        idle: Duration = .seconds(15)
    ) {
        self.most = most
        self.wait = wait
        self.idleMost = idleMost
        self.idle = idle
    }
}
