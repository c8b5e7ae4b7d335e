import OAuth
import Primitives
import Storage

/// The traces of a refresh that failed.
extension ConnectionStore {
    /// Notes the failure of a refresh, in the transaction that ends its lease: this takes no
    /// further write.
    ///
    /// - Returns: The trouble as it is now.
    func note(
        _ error: OAuthError, refreshing connection: Connection, holder: String
    ) throws -> RefreshTrouble {
        try database.write { transaction in
            try Lease.end(connection.id, holder: holder, transaction)
            let current = try Connection.find(id: connection.id, transaction)
            let trouble = RefreshTrouble(error, after: current?.refreshTrouble, now: clock.now)
            try transaction.execute(
                """
                UPDATE connection SET refreshTrouble = :trouble
                WHERE id = :id AND generation = :generation AND status = 'active'
                """,
                [
                    "id": .text(connection.id), "generation": .integer(connection.generation),
                    "trouble": .text(String(decoding: trouble.json.encoded(), as: UTF8.self)),
                ])
            return trouble
        }
    }

    /// The seconds that a refresh token is left alone after keeping it alive failed.
    private static let postponement: ClosedRange<Int64> = 5...3600

    /// Postpones the next try: one that fails must not be the first of every round. Each pause is a
    /// part of the time that the token has left, so that several tries remain.
    package func postponeKeepingAlive(_ connection: Connection) throws {
        let (shortest, longest) = (Self.postponement.lowerBound, Self.postponement.upperBound)
        let left = connection.refreshTokenExpiresAt.map { $0 - clock.now } ?? .max
        let pause = left > 0 ? min(longest, max(shortest, left / 4)) : longest
        try database.write {
            try $0.execute(
                "UPDATE connection SET keepAliveAt = :later WHERE id = :id AND keepAliveAt <= :now",
                [
                    "id": .text(connection.id), "now": .integer(clock.now.seconds),
                    "later": .integer((clock.now + pause).seconds),
                ])
        }
    }
}
