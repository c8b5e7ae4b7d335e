/// Keeps libcurl from sending a request twice.
///
/// When a kept connection dies before a byte of the answer, libcurl takes a new connection and
/// sends the request again, without a word; for a POST with an empty body or one in memory too. It
/// does so whatever the server has done with the first. But before each sending, also a repeated
/// one, it calls CURLOPT_PREREQFUNCTION, and that is where this is asked; and already where the
/// new connection is opened. Whether it is sent again is for whoever sends to say.
struct ResendPolicy {
    /// Whether the request has begun to leave.
    private(set) var hasBegun = false

    /// Whether the request may leave now.
    var mayLeave: Bool { !hasBegun }

    /// The request leaves.
    mutating func begin() {
        hasBegun = true
    }
}
