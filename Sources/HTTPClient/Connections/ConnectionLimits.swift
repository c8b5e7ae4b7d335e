/// How many connections a server is given, and how long idle ones are kept.
package struct ConnectionLimits: Equatable, Sendable {
    /// The most at a time, idle ones included; `nil` for as many as are needed.
    package var most: Int?
    /// How long a request waits for its turn where there is a `most`, in seconds.
    package var wait: Double
    /// How many idle ones stay for `idle` seconds, those used last. More of them stay for a moment,
    /// for those who come in a row.
    package var idleMost: Int
    package var idle: Double

    package init(most: Int? = nil, wait: Double = 5, idleMost: Int = 2, idle: Double = 15) {
        self.most = most
        self.wait = wait
        self.idleMost = idleMost
        self.idle = idle
    }
}
