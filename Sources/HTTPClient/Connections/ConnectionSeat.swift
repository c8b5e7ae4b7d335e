import Addressing
import Locking

/// A request's place among the connections to a server, which counts from its turn until its end.
/// Belongs to one thread at a time.
final class ConnectionSeat {
    let server: ServerConnections
    let credential: String
    let limits: ConnectionLimits
    private let pool: ConnectionPool
    private var isUnproven: Bool
    private var isSilent = false
    private var hasEnded = false
    /// The time of further silence after which the server counts as just slow.
    private static let patienceWithSilence = Duration.seconds(2)
    /// The time from which idle connections may be the reason that a new one has no answer; after
    /// it, the time from which they cannot be.
    private(set) var silentAt = MonotonicTime.never

    /// Returns the time until the first of these times: servers on plain http are near. With TLS
    /// the connection stands when the server has taken it, which takes a few round trips.
    private static func patience(_ origin: Origin) -> Duration {
        origin.isSecure ? .seconds(1) : .milliseconds(200)
    }

    /// - Parameter isNew: Whether the connection has still to be opened.
    init(
        _ server: ServerConnections, _ key: ConnectionPool.Key, _ limits: ConnectionLimits,
        in pool: ConnectionPool, isNew: Bool
    ) {
        self.server = server
        credential = key.credential
        self.limits = limits
        self.pool = pool
        isUnproven = isNew
        if isNew { silentAt = MonotonicTime.now.after(Self.patience(key.origin)) }
    }

    deinit {
        end()
    }

    /// Notes that the connection stands, and that a server that speaks TLS has taken it.
    func isConnected(to origin: Origin) {
        if origin.isSecure { isServed() }
    }

    /// Notes that the server has answered on the connection.
    func isServed() {
        guard isUnproven else { return }
        isUnproven = false
        silentAt = .never
        pool.proved(self, wasSilent: isSilent)
    }

    /// Looks whether the server has been silent for long.
    func checkSilence(at now: MonotonicTime) {
        guard now >= silentAt else { return }
        if isSilent { return isServed() }
        silentAt = now.after(Self.patienceWithSilence)
        isSilent = true
        pool.isSilent(self)
    }

    /// Ends the request's use of its connection.
    ///
    /// - Parameters:
    ///   - connection: The connection to keep, which the caller must not touch again.
    ///   - serverLimit: The time for which the server keeps it, where it says so.
    func end(keeping connection: CurlConnection? = nil, serverLimit: Duration? = nil) {
        guard !hasEnded else { return }
        hasEnded = true
        if isUnproven { pool.proved(self, wasSilent: isSilent) }
        pool.end(self, keeping: connection, serverLimit: serverLimit)
    }
}
