import Primitives
import Storage

#if canImport(Glibc)
    import Glibc
#endif

/// The right to refresh one connection's tokens, among all processes on the database.
///
/// Two requests with one refresh token can cost the grant: providers take the second for a theft.
/// So whoever wants to ask the provider writes that down first, which also shows that the disk
/// takes writes. It is given back in the transaction that stores what came of it.
package struct RefreshLease: Sendable {
    package enum Attempt {
        /// This process may ask, and nobody else does.
        case taken
        /// Another process has begun to ask with the same token and was not heard of: what it kept
        /// has to be looked at first. Nothing is written down yet.
        case orphaned(by: String)
        /// Another process asks right now.
        case held
        /// The tokens have been replaced meanwhile, or the connection has ended.
        case outdated
    }

    let database: Database
    let registry: ProcessRegistry
    let clock: Clock
    /// How long a holder's request to the provider may take, in milliseconds.
    let requestTime: Int64
    /// What it may take beyond that to store the answer: longer than the database is waited for.
    private static let storingTime: Int64 = 15_000

    /// - Parameter holder: One whose lease may be taken over, because what it kept is stored.
    func take(_ connection: Connection, succeeding holder: String? = nil) throws -> Attempt {
        // Looked at first: those who wait must not queue for the write lock.
        if try database.read({ try binds(connection, $0) }) { return .held }
        try registry.show()
        return try database.write { transaction in
            guard
                try Connection.activeGeneration(id: connection.id, transaction)
                    == connection.generation
            else { return .outdated }
            if try binds(connection, transaction) { return .held }
            if let earlier = try Lease.find(connection.id, transaction),
                earlier.generation == connection.generation, earlier.holder != registry.id,
                earlier.holder != holder
            {
                return .orphaned(by: earlier.holder)
            }
            try Lease(
                name: connection.id, generation: connection.generation, holder: registry.id,
                deadline: clock.uptime + requestTime + Self.storingTime
            ).take(transaction)
            return .taken
        }
    }

    /// Gives it back when nothing came of it.
    func end(_ connection: Connection) throws {
        try database.write { try Lease.end(connection.id, holder: registry.id, $0) }
    }

    /// How long those who wait look away, in microseconds.
    private static let glance: UInt32 = 25_000

    /// Lets some time go by while another process holds it.
    func pause() {
        usleep(Self.glance)
    }

    private func binds(_ connection: Connection, _ reader: Reader) throws -> Bool {
        guard let lease = try Lease.find(connection.id, reader) else { return false }
        return lease.generation == connection.generation
            && lease.binds(registry, uptime: clock.uptime)
    }
}
