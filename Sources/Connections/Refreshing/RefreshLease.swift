import Storage

#if canImport(Glibc)
    import Glibc
#endif

/// The right to renew one connection's tokens, among all processes on the database.
///
/// Two requests with one refresh token can cost the grant: providers take the second for a theft.
/// So whoever wants to ask the provider writes that down first, which also shows that the disk
/// takes writes. It is given back in the transaction that stores what came of it.
struct RefreshLease: Sendable {
    enum Attempt {
        /// This process may ask, and nobody else does.
        case taken
        /// It may, but another process had begun to ask with the same token and was not heard of.
        case takenOver(from: String)
        /// Another process asks right now.
        case held
        /// The tokens have been replaced meanwhile, or the connection has ended.
        case outdated
    }

    let database: Database
    let presence: Presence
    let clock: Clock
    /// How long a holder may take, in milliseconds: longer than its request to the provider can.
    let patience: Int64

    func take(_ connection: Connection) throws -> Attempt {
        // Looked at first: those who wait must not queue for the write lock.
        if try database.read({ try binds(connection, $0) }) { return .held }
        try presence.show()
        return try database.write { transaction in
            guard try Connection.generation(id: connection.id, transaction) == connection.generation
            else { return .outdated }
            let earlier = try Lease.find(connection.id, transaction)
            if try binds(connection, transaction) { return .held }
            try Lease(
                name: connection.id, generation: connection.generation, holder: presence.id,
                deadline: clock.uptime + patience
            ).take(transaction)
            guard let earlier, earlier.generation == connection.generation,
                earlier.holder != presence.id
            else { return .taken }
            return .takenOver(from: earlier.holder)
        }
    }

    /// Gives it back when nothing came of it.
    func end(_ connection: Connection) throws {
        try database.write { try Lease.end(connection.id, holder: presence.id, $0) }
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
            && lease.binds(presence, uptime: clock.uptime)
    }
}
