import Encoding
import Primitives
import Storage

#if canImport(Glibc)
    import Glibc
#endif

/// The right to refresh one connection's tokens, among all processes on the database.
///
/// Two requests with one refresh token can cost the grant: providers take the second for a theft.
/// So a process that wants to ask the provider writes that down first, which also shows that the
/// disk takes writes. The lease is given back in the transaction that stores the outcome.
package struct RefreshLease: Sendable {
    package enum Attempt {
        /// This process may ask, and no other one does.
        case taken
        /// Another process began to ask with the same token and was not heard of since: the tokens
        /// that it kept have to be looked at first. Nothing is written down yet.
        case orphaned(by: String)
        /// Another process is asking now.
        case held
        /// The tokens were replaced meanwhile, or the connection ended.
        case outdated
    }

    let database: Database
    let registry: ProcessRegistry
    let clock: Clock
    /// The longest time that a request to the provider may take.
    let requestTime: Duration
    /// The further time for storing the answer: longer than the database is waited for.
    private static let storingTime = Duration.seconds(15)

    /// Takes the lease, if no other process holds it.
    ///
    /// - Parameter predecessor: A process whose lease may be taken over, as its tokens are stored.
    func take(_ connection: Connection, succeeding predecessor: String? = nil) throws -> Attempt {
        // Read first: processes that wait must not queue for the write lock.
        if try database.read({ try binds(connection, $0) }) { return .held }
        try registry.show()
        return try database.write { transaction in
            guard
                try Connection.activeGeneration(id: connection.id, transaction)
                    == connection.generation
            else { return .outdated }
            if try binds(connection, transaction) { return .held }
            if let earlier = try Lease.find(connection.id, transaction),
                earlier.generation == connection.generation, earlier.process != registry.id,
                earlier.process != predecessor
            {
                return .orphaned(by: earlier.process)
            }
            try Lease(
                name: connection.id, generation: connection.generation, process: registry.id,
                deadline: clock.uptime + Int64((requestTime + Self.storingTime).inMilliseconds)
            ).take(transaction)
            return .taken
        }
    }

    /// Gives the lease back when nothing is to be stored.
    func end(_ connection: Connection) throws {
        try database.write { try Lease.end(connection.id, process: registry.id, $0) }
    }

    /// The microseconds between two looks while another process holds the lease.
    private static let glance: UInt32 = 25_000

    /// Waits a moment while another process holds the lease.
    func pause() {
        usleep(Self.glance)
    }

    private func binds(_ connection: Connection, _ reader: Reader) throws -> Bool {
        guard let lease = try Lease.find(connection.id, reader) else { return false }
        return lease.generation == connection.generation
            && lease.binds(registry, uptime: clock.uptime)
    }
}
