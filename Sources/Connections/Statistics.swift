import Storage

/// How things stand: for operators, and for programs that watch.
package struct Statistics: Sendable {
    package let connections: [(status: Connection.Status, count: Int)]
    /// Grants to be revoked, and when the first of them was given up.
    package let waitingRevocations: Int
    package let oldestRevocation: Timestamp?
    /// Grants that are revoked once their owner's present connection ends.
    package let heldBackRevocations: Int
    /// Renewed tokens that the database has not taken yet.
    package let unstoredTokens: Int
    /// Calls through connections that are under way in this process.
    package let callsInFlight: Int
    /// Whether this process does the background's work for all.
    package let isLeading: Bool
}

/// Reads ``Statistics``.
package struct StatisticsReader: Sendable {
    let database: Database
    let unstored: UnstoredTokens
    let leadership: Leadership
    let limiter: CallLimiter
    package let tally: Tally

    /// - Throws: ``StorageError``.
    package func read() throws -> Statistics {
        try database.read { reader in
            Statistics(
                connections: try [.active, .reauthorizationRequired].map { status in
                    (status, try count("connection WHERE status = '\(status.rawValue)'", reader))
                },
                waitingRevocations: try count("revocation WHERE afterConnection IS NULL", reader),
                oldestRevocation: try reader.first(
                    "SELECT min(createdAt) FROM revocation WHERE afterConnection IS NULL"
                ) { $0.integerOrNil(0).map(Timestamp.init(seconds:)) } ?? nil,
                heldBackRevocations: try count(
                    "revocation WHERE afterConnection IS NOT NULL", reader),
                unstoredTokens: unstored.count, callsInFlight: limiter.inFlight,
                isLeading: leadership.wasOurs)
        }
    }

    private func count(_ rows: String, _ reader: Reader) throws -> Int {
        Int(try reader.number("SELECT count(*) FROM \(rows)"))
    }
}
