import Primitives
import Storage

/// The connections whose tokens have to be refreshed although no caller waits for it: access tokens
/// in use that expire soon, and refresh tokens that would expire unused.
package struct DueRefreshes: Sendable {
    let database: Database
    let timing: RefreshTiming
    let clock: Clock
    /// The time since its last use for which a connection's token is kept fresh.
    private static let recently = Duration.seconds(3600)
    /// The most connections of one integration that are returned for each of the two reasons.
    private static let batch = 100
    /// The time by which a clock may have been wrong when a time was written down.
    private static let wrongAtMost = Duration.seconds(30 * 86_400)
    /// The seconds that a refresh token is left alone after keeping it alive failed.
    private static let postponement: ClosedRange<Int64> = 5...3600

    /// Returns the ids of the integrations with such connections.
    package func integrationIDs() throws -> [String] {
        try database.read { try $0.all(Self.integrationIDs, moments) { $0.text(0) } }
    }

    /// One select for each comparison, so that each goes to the few rows of its index: with an OR
    /// between them, SQLite reads all connections.
    private static let integrationIDs = [endsSoon, isDue, isTooLate].map { condition in
        "SELECT integrationId FROM connection WHERE \(condition)"
    }.joined(separator: " UNION ")

    /// Returns such connections of one integration, each once, the most urgent first.
    package func connections(integrationID: String) throws -> [Connection] {
        var parameters = moments
        parameters["integrationID"] = .text(integrationID)
        return try database.read { reader in
            let endingSoon = try some(
                "\(Self.endsSoon) AND integrationId = :integrationID ORDER BY tokenExpiresAt",
                parameters, reader
            ).filter { timing.isDue($0, now: clock.now, ahead: 2) }
            let unused = try some(
                "\(Self.isToBeKeptAlive) AND integrationId = :integrationID ORDER BY keepAliveAt",
                parameters, reader)
            let ids = Set(endingSoon.map(\.id))
            return endingSoon + unused.filter { !ids.contains($0.id) }
        }
    }

    /// Postpones the next try: one that fails must not be the first of every round. Each pause is a
    /// part of the time that the token has left, so that several tries remain.
    package func postpone(_ connection: Connection) throws {
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

    private func some(
        _ condition: String, _ parameters: Parameters, _ reader: Reader
    ) throws -> [Connection] {
        try reader.all(
            """
            SELECT \(Connection.columns) FROM connection WHERE \(condition) LIMIT \(Self.batch)
            """, parameters, Connection.init(row:))
    }

    private static let endsSoon =
        "(status = 'active' AND tokenExpiresAt <= :soon AND lastUsedAt >= :recently)"
    private static let isToBeKeptAlive = "(\(isDue) OR \(isTooLate))"
    private static let isDue = "(status = 'active' AND keepAliveAt <= :now)"
    /// Times that a clock wrote down that was wrong.
    private static let isTooLate = "(status = 'active' AND keepAliveAt > :tooLate)"

    private var moments: Parameters {
        [
            "now": .integer(clock.now.seconds),
            "soon": .integer((clock.now + timing.margin * 4).seconds),
            "recently": .integer((clock.now + (.zero - Self.recently)).seconds),
            "tooLate": .integer((clock.now + timing.keepAlive + Self.wrongAtMost).seconds),
        ]
    }
}
