import Encoding
import Integrations
import Logging
import OAuth
import Primitives
import Storage
import Vault

/// Grants that were given up and are still to be revoked at their providers: a durable queue, so
/// that a provider that is down, or a restart, loses none.
///
/// Many providers end a user's whole grant when any token of it is revoked. A grant that was given
/// up while its owner has a new connection therefore waits until that connection ends.
package final class RevocationQueue: Sendable {
    private let database: Database
    private let integrations: IntegrationStore
    private let vault: Vault
    private let clock: Clock
    private let logger: Logger
    private let counters: EventCounters
    /// The seconds for which revoking tokens whose end is unknown is tried.
    private static let unknownLifetime: Int64 = 90 * 86_400
    /// The longest pause between two attempts, in seconds.
    private static let longestPause: Int64 = 21_600

    init(
        database: Database, integrations: IntegrationStore, vault: Vault, clock: Clock,
        logger: Logger, counters: EventCounters
    ) {
        self.logger = logger
        self.counters = counters
        self.database = database
        self.integrations = integrations
        self.vault = vault
        self.clock = clock
    }

    /// Queues the grant of a connection that ends or is replaced, when the integration can revoke
    /// it.
    ///
    /// - Parameters:
    ///   - data: The data that was kept about the connection.
    ///   - after: The connection that has to end first.
    /// - Returns: Whether it can be revoked.
    @discardableResult
    func enqueue(
        _ issued: IssuedCredential, _ integration: Integration, holder: String?,
        data: String? = nil,
        after connectionID: String?, _ transaction: Transaction
    ) throws -> Bool {
        guard case .oauth(let tokens) = issued.credential,
            let target = RevocationTarget(integration, issued, data: data)
        else { return false }
        let waiting = holder.map { waitingGrants(of: $0, integration) }
        try waiting?.drop(tokensOf: issued, transaction)
        if let given = try waiting?.makeRoom(transaction), given > 0 { note(given, integration) }
        let id = Identifier.make("revocation")
        let secrets = try integrations.secrets(of: integration)
        try transaction.execute(
            """
            INSERT INTO revocation
                (id, integrationId, holder, afterConnection, endpoint, clientSecret, credential,
                 attempts, nextAttemptAt, expiresAt, createdAt)
            VALUES
                (:id, :integrationID, :holder, :after, :endpoint, :clientSecret, :credential, 0,
                 :now, :expiresAt, :now)
            """,
            [
                "id": .text(id), "integrationID": .text(integration.id),
                "holder": .text(orNull: holder), "after": .text(orNull: connectionID),
                "endpoint": .text(String(decoding: target.json.encoded(), as: UTF8.self)),
                "clientSecret": .blob(
                    orNull: try secrets.bytes.map {
                        try vault.seal($0, at: Self.place(id, column: "clientSecret"))
                    }),
                "credential": .blob(
                    try vault.seal(
                        issued.credential.bytes, at: Self.place(id, column: "credential"))),
                "expiresAt": .integer(end(of: tokens, issued).seconds),
                "now": .integer(clock.now.seconds),
            ])
        return true
    }

    /// Removes tokens that a connection holds again from the queue.
    func drop(
        tokensOf issued: IssuedCredential, _ integration: Integration, holder: String,
        _ transaction: Transaction
    ) throws {
        try waitingGrants(of: holder, integration).drop(tokensOf: issued, transaction)
    }

    private func waitingGrants(of holder: String, _ integration: Integration) -> WaitingGrants {
        WaitingGrants(integrationID: integration.id, holder: holder, vault: vault)
    }

    private func note(_ count: Int, _ integration: Integration) {
        counters.count(.revocationGivenUp, times: count)
        logger.warning(
            "too many grants of one user wait to be revoked: the oldest are given up",
            metadata: ["integration": "\(integration.slug)", "count": "\(count)"])
    }

    /// Queues tokens that came too late for a connection: it was replaced, or ended.
    ///
    /// - Parameters:
    ///   - holder: The holder of that connection.
    ///   - data: The data that was kept about it, or was to be.
    func enqueue(
        late issued: IssuedCredential, _ integration: Integration, holder: String, data: String?
    ) throws {
        try database.write { transaction in
            let successor = try Connection.find(integration, holder: holder, transaction)
            try enqueue(
                issued, integration, holder: holder, data: data, after: successor?.id, transaction)
        }
    }

    /// Makes the grants that its holder gave up before wait until this connection ends.
    static func hold(
        back integration: Integration, holder: String, until connectionID: String,
        _ transaction: Transaction
    ) throws {
        guard !integration.definition.revokesReplacedTokens else { return }
        try transaction.execute(
            """
            UPDATE revocation SET afterConnection = :connectionID
            WHERE integrationId = :integrationID AND holder = :holder AND afterConnection IS NULL
            """,
            [
                "connectionID": .text(connectionID), "integrationID": .text(integration.id),
                "holder": .text(holder),
            ])
    }

    /// Releases the grants that waited for a connection that ends.
    func release(after connectionID: String, _ transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE revocation
            SET afterConnection = NULL, nextAttemptAt = :now,
                expiresAt = max(expiresAt, :now + 86400)
            WHERE afterConnection = :connectionID
            """, ["connectionID": .text(connectionID), "now": .integer(clock.now.seconds)])
    }

    /// Takes the next entry that is due. Its next attempt moves on with that, so that no other
    /// process tries it at the same time: 30 s, 60 s, 2 min … at most 6 hours later.
    ///
    /// - Parameter integrations: The ids of the integrations whose entries are left out.
    func claim(except integrations: Set<String>) throws -> (id: String, integrationID: String)? {
        let left = JSONValue.array(integrations.map { .string($0) })
        let parameters: Parameters = [
            "now": .integer(clock.now.seconds),
            "left": .text(String(decoding: left.encoded(), as: UTF8.self)),
        ]
        // Read first: an idle queue must not take the write lock.
        let hasDue = try database.read {
            try $0.number(
                "SELECT EXISTS (SELECT 1 FROM revocation WHERE \(Self.isDue))", parameters) > 0
        }
        guard hasDue else { return nil }
        return try database.write { transaction in
            try transaction.first(
                """
                UPDATE revocation
                SET attempts = attempts + 1,
                    nextAttemptAt = :now + min(\(Self.longestPause), 30 << min(attempts, 10))
                WHERE id = (SELECT id FROM revocation WHERE \(Self.isDue)
                            ORDER BY nextAttemptAt LIMIT 1)
                RETURNING id, integrationId
                """, parameters
            ) { ($0.text(0), $0.text(1)) }
        }
    }

    /// The second line is for a clock that was set back: no pause is that long.
    private static let isDue = """
        afterConnection IS NULL AND (nextAttemptAt <= :now
            OR nextAttemptAt > :now + \(longestPause))
        AND integrationId NOT IN (SELECT value FROM json_each(:left))
        """

    /// Opens an entry.
    ///
    /// - Returns: `nil` when the entry is gone, or has to wait now.
    func load(_ id: String) throws -> QueuedRevocation? {
        try database.read { reader in
            try reader.first(
                """
                SELECT endpoint, clientSecret, credential FROM revocation
                WHERE id = :id AND afterConnection IS NULL
                """,
                ["id": .text(id)]
            ) { row in
                QueuedRevocation(
                    target: RevocationTarget(json: try JSONValue(parsing: row.text(0))),
                    secrets: try row.blobOrNil(1).map {
                        ClientSecrets(
                            bytes: try vault.open($0, at: Self.place(id, column: "clientSecret")))
                    } ?? ClientSecrets(),
                    credential: Credential(
                        bytes: try vault.open(row.blob(2), at: Self.place(id, column: "credential"))
                    ))
            }
        }
    }

    /// Stores tokens that were refreshed to be revoked, before they are used.
    func store(_ revocation: QueuedRevocation, _ id: String) throws {
        guard let credential = revocation.credential else { return }
        try database.write {
            try $0.execute(
                "UPDATE revocation SET credential = :credential, endpoint = :endpoint WHERE id = :id",
                [
                    "id": .text(id),
                    "credential": .blob(
                        try vault.seal(credential.bytes, at: Self.place(id, column: "credential"))),
                    "endpoint": .text(
                        String(decoding: revocation.target.json.encoded(), as: UTF8.self)),
                ])
        }
    }

    /// Stores the progress of a revocation. The entry expires when the tokens that are left do.
    func store(progressOf revocation: QueuedRevocation, _ id: String) throws {
        try database.write {
            try $0.execute(
                """
                UPDATE revocation
                SET endpoint = :endpoint, expiresAt = min(expiresAt, coalesce(:end, expiresAt))
                WHERE id = :id
                """,
                [
                    "id": .text(id), "end": .integer(orNull: revocation.end?.seconds),
                    "endpoint": .text(
                        String(decoding: revocation.target.json.encoded(), as: UTF8.self)),
                ])
        }
    }

    func remove(_ id: String) throws {
        try database.write {
            try $0.execute("DELETE FROM revocation WHERE id = :id", ["id": .text(id)])
        }
    }

    /// Keeps the entry, with the error. After a definite refusal another try soon is of no use, but
    /// the cause may be corrected: a client secret, say.
    ///
    /// - Parameter pause: The seconds for which the provider asks to be left alone.
    func noteFailure(_ id: String, _ error: any Error, pause: Int64?) throws {
        let isRefusal = if case OAuthError.refused = error { true } else { false }
        try database.write {
            try $0.execute(
                """
                UPDATE revocation
                SET lastError = :error,
                    nextAttemptAt = max(:earliest,
                        CASE :isRefusal WHEN 1 THEN :late ELSE nextAttemptAt END)
                WHERE id = :id
                """,
                [
                    "id": .text(id), "error": .text("\(error)"), "isRefusal": .bool(isRefusal),
                    "late": .integer((clock.now + Self.longestPause).seconds),
                    "earliest": .integer(
                        (clock.now + min(pause ?? 0, Self.longestPause)).seconds),
                ])
        }
    }

    /// The revocations that wait, the oldest first.
    package func list() throws -> [WaitingRevocation] {
        try database.read(WaitingRevocation.all)
    }

    /// Has the service try one of them at once, or all.
    ///
    /// - Returns: The number of revocations that are tried.
    package func retry(_ id: String?) throws -> Int {
        try database.write { try WaitingRevocation.hurry(id, now: clock.now, $0) }
    }

    /// Returns when there is nothing left to revoke: both tokens have expired.
    private func end(of tokens: OAuthTokens, _ issued: IssuedCredential) -> Timestamp {
        let unknown = clock.now + Self.unknownLifetime
        let accessEnd = issued.tokenExpiresAt ?? unknown
        guard tokens.refreshToken != nil else { return accessEnd }
        return max(accessEnd, issued.refreshTokenExpiresAt ?? unknown)
    }

    static func place(_ id: String, column: String) -> SealedPlace {
        SealedPlace(table: "revocation", row: id, column: column)
    }
}
