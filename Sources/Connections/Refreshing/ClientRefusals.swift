import Integrations
import Logging
import OAuth
import Primitives
import Storage

/// Prevents more requests, for all connections, to a provider that refuses an integration's client.
///
/// Some providers end each grant that comes with a wrong secret. So after a refusal nothing is
/// refreshed in the background until the integration's settings change; a call that needs a token
/// has one connection tried, at growing intervals, and the others only when that succeeded. All
/// processes share this knowledge.
package final class ClientRefusals: Sendable {
    /// The permission that a refresh gets before it asks the provider.
    package enum Admission: Equatable {
        case free
        /// The caller makes the try, with the connection of that id first.
        case trial(of: String)
        /// Another caller is trying now.
        case underWay
        /// The provider is left alone for so many seconds.
        case resting(Int64)
    }

    private let database: Database
    private let clock: Clock
    private let logger: Logger
    /// The longest time that a try is taken to be under way.
    private let longestTry: Duration
    /// Pauses between two tries, in seconds: 1 second, for a short trouble, then 1, 2, 4 … 240
    /// minutes.
    private static let pauses: ClosedRange<Int64> = 60...14_400
    /// The period within which others' refreshes must have worked for a refusal to be one
    /// connection's own, in seconds.
    private static let lately: Int64 = 600

    init(database: Database, clock: Clock, logger: Logger, longestTry: Duration) {
        self.database = database
        self.clock = clock
        self.logger = logger
        self.longestTry = longestTry
    }

    /// The integrations that are left alone, by their slugs.
    package func inForce() throws -> [ClientRefusal] { try database.read(ClientRefusal.inForce) }

    /// Whether refreshes that no caller waits for leave the integration alone.
    package func isInForce(_ integrationID: String) throws -> Bool {
        try database.read { try ClientRefusal.find(integrationID, $0) }?.isInForce ?? false
    }

    /// Decides whether a connection's token may be refreshed now. A caller that is told to try has
    /// to report the end of it: ``note(_:_:_:)``, ``clear(_:)`` or at least
    /// ``endTrial(_:wasMade:)``.
    ///
    /// - Parameter isNeeded: Whether a caller waits for the token.
    func admission(
        of connection: Connection, _ integration: Integration, isNeeded: Bool
    ) throws -> Admission {
        guard let known = try database.read({ try ClientRefusal.find(integration.id, $0) }) else {
            return .free
        }
        if let verdict = verdict(known, isNeeded: isNeeded) { return verdict }
        return try database.write { transaction in
            guard let known = try ClientRefusal.find(integration.id, transaction) else {
                return .free
            }
            if let verdict = verdict(known, isNeeded: isNeeded) { return verdict }
            try transaction.execute(
                "UPDATE clientRefusal SET triedUntil = :until WHERE integrationId = :id",
                [
                    "id": .text(integration.id),
                    "until": .integer((clock.now + longestTry).seconds),
                ])
            return .trial(of: try Self.candidate(known, connection, transaction))
        }
    }

    /// Returns how a known refusal decides; `nil` where it is time for a try.
    private func verdict(_ known: ClientRefusal, isNeeded: Bool) -> Admission? {
        // A clock that was set back must not make a pause longer than it ever is.
        let now = clock.now
        if known.triedUntil > now, .seconds(known.triedUntil - now) <= longestTry {
            return .underWay
        }
        guard known.isOfToday else { return nil }
        let rest = known.nextTryAt - now
        if rest > 0, rest <= Self.pauses.upperBound { return .resting(rest) }
        return known.isInForce && !isNeeded ? .resting(Self.pauses.lowerBound) : nil
    }

    /// Picks the connection to try. The one that was refused last has nothing to lose; but it may
    /// be the only one that is refused, so that every other try is made with the one that asks.
    private static func candidate(
        _ known: ClientRefusal, _ connection: Connection, _ reader: Reader
    ) throws -> String {
        guard known.refusals % 2 == 1, let id = known.connectionID,
            try Connection.activeGeneration(id: id, reader) != nil
        else { return connection.id }
        return id
    }

    /// Notes that the provider refused the client.
    ///
    /// - Parameter connection: The refreshed connection; `nil` for one that is only being made.
    func note(
        _ error: OAuthError, _ connection: Connection?, _ integration: Integration
    ) throws {
        let isNew = try database.write { transaction -> Bool in
            let known = try ClientRefusal.find(integration.id, transaction)
            guard try Self.isCurrent(integration, transaction) else { return false }
            let former = known?.isOfToday == true ? known : nil
            let refusals =
                try isOwnTrouble(of: connection, integration, former, transaction)
                ? 0 : (former?.refusals ?? 0) + 1
            let pause = refusals == 0 ? 0 : Self.pause(after: refusals)
            try transaction.execute(
                Self.upsert,
                [
                    "id": .text(integration.id), "revision": .integer(integration.revision),
                    "code": .text(error.refreshCode), "connection": .text(orNull: connection?.id),
                    "since": .integer((former?.since ?? clock.now).seconds),
                    "now": .integer(clock.now.seconds), "refusals": .integer(refusals),
                    "next": .integer((clock.now + pause).seconds),
                ])
            return refusals == 1
        }
        guard isNew else { return }
        let advice = ConnectFailure.clientRefused.advice(integration.definition, redirectURI: "")
        logger.error(
            "the provider refuses the client: until that is corrected, only calls refresh tokens",
            metadata: [
                "integration": "\(integration.slug)", "error": "\(error)", "advice": "\(advice)",
            ])
    }

    private static func pause(after refusals: Int64) -> Int64 {
        refusals < 2 ? 1 : min(pauses.upperBound, pauses.lowerBound << min(refusals - 2, 10))
    }

    private static func isCurrent(_ integration: Integration, _ reader: Reader) throws -> Bool {
        try reader.number(
            "SELECT revision FROM integration WHERE id = :id", ["id": .text(integration.id)])
            == integration.revision
    }

    /// Whether other tokens were refreshed or obtained meanwhile, so that it is the connection's
    /// own trouble: a refresh token of another client, say. A second connection makes it the
    /// client's.
    private func isOwnTrouble(
        of connection: Connection?, _ integration: Integration, _ known: ClientRefusal?,
        _ reader: Reader
    ) throws -> Bool {
        if let known, known.refusals > 0 || known.connectionID != connection?.id { return false }
        let lately = clock.now + -Self.lately
        let began = connection?.refreshTrouble.map { min($0.sameSince.seconds, lately.seconds) }
        return try reader.number(
            """
            SELECT EXISTS (SELECT 1 FROM connection
                WHERE integrationId = :integration AND id != :id AND status = 'active'
                    AND refreshedAt > :since AND refreshedAt <= :now)
            """,
            [
                "integration": .text(integration.id), "id": .text(connection?.id ?? ""),
                "since": .integer(
                    max(began ?? lately.seconds, integration.updatedAt.seconds - 1)),
                "now": .integer(clock.now.seconds),
            ]) > 0
    }

    private static let upsert = """
        INSERT INTO clientRefusal
            (integrationId, revision, code, connectionId, since, lastAt, refusals, nextTryAt,
             triedUntil)
        VALUES (:id, :revision, :code, :connection, :since, :now, :refusals, :next, 0)
        ON CONFLICT (integrationId) DO UPDATE
        SET revision = excluded.revision, code = excluded.code,
            connectionId = excluded.connectionId, since = excluded.since, lastAt = excluded.lastAt,
            refusals = excluded.refusals, nextTryAt = excluded.nextTryAt, triedUntil = 0
        """

    /// Notes that the provider accepts the client.
    func clear(_ integration: Integration) throws {
        let known = try database.read { try ClientRefusal.find(integration.id, $0) }
        guard let known else { return }
        try database.write {
            try $0.execute(
                "DELETE FROM clientRefusal WHERE integrationId = :id",
                ["id": .text(integration.id)])
        }
        guard known.refusals > 0 else { return }
        logger.notice(
            "the provider takes the client again", metadata: ["integration": "\(integration.slug)"])
    }

    /// Ends a try that says nothing about the client.
    ///
    /// - Parameter wasMade: Whether the provider was asked; if not, another caller may try at once.
    func endTrial(_ integration: Integration, wasMade: Bool) throws {
        try database.write { transaction in
            guard let known = try ClientRefusal.find(integration.id, transaction),
                known.triedUntil.seconds > 0
            else { return }
            let pause = wasMade ? Self.pause(after: known.refusals) : 0
            try transaction.execute(
                """
                UPDATE clientRefusal SET triedUntil = 0, nextTryAt = :next
                WHERE integrationId = :id
                """,
                [
                    "id": .text(integration.id),
                    "next": .integer((clock.now + pause).seconds),
                ])
        }
    }

    /// Has the next caller that needs a token try at once, as after a change: an operator says that
    /// the trouble at the provider is solved.
    package func reconsider(_ integration: Integration) throws {
        try database.write {
            try $0.execute(
                "UPDATE clientRefusal SET revision = 0, nextTryAt = 0 WHERE integrationId = :id",
                ["id": .text(integration.id)])
        }
    }
}
