import Storage

/// Whether the service can do its work: the database can be read, takes a durable write, and
/// what is sealed in it opens.
package struct Readiness: Sendable {
    let database: Database
    let keyRing: KeyRing

    /// - Throws: ``StorageError`` or ``ConnectionsError`` when not.
    package func check() throws {
        try SealingKey.verify(keyRing, in: database)
        try database.probeWriting()
    }
}
