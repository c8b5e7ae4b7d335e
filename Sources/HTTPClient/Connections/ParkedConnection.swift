import Locking

/// A connection that waits for its next request.
///
/// `@unchecked Sendable`: parking a connection gives up the only reference to it, and the pool's lock
/// guards it until it is taken out.
struct ParkedConnection: @unchecked Sendable {
    let credential: String
    let connection: CurlConnection
    let since: MonotonicTime
    var expiry: MonotonicTime

    /// Whether it is as its last exchange left it.
    var isUsable: Bool { expiry > .now && connection.isQuiet }
}
