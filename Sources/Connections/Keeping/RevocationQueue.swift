import Encoding
import HTTPClient
import Logging
import OAuth
import Storage

/// Grants that were given up and are still to be revoked at their providers: a durable queue, so
/// that a provider that is down, or a restart, loses none.
package final class RevocationQueue: Sendable {
    private let database: Database
    private let integrations: IntegrationStore
    private let vault: Vault
    private let transport: any HTTPTransport
    private let clock: Clock
    private let logger: Logger
    /// How long the first attempt, by the thread that queued it, keeps others off, in seconds.
    private static let firstClaim: Int64 = 30
    /// How long tokens whose end is unknown are tried to be revoked, in seconds.
    private static let unknownLifetime: Int64 = 90 * 86_400

    init(
        database: Database, integrations: IntegrationStore, vault: Vault,
        transport: any HTTPTransport, clock: Clock, logger: Logger
    ) {
        self.database = database
        self.integrations = integrations
        self.vault = vault
        self.transport = transport
        self.clock = clock
        self.logger = logger
    }

    /// Queues a grant's tokens in a transaction of its own.
    func enqueue(_ grant: Grant, _ integration: Integration) throws {
        try database.write { _ = try enqueue(grant, integration, $0) }
    }

    /// Queues a grant's tokens, when the integration can revoke them.
    ///
    /// - Returns: The entry, for ``attempt(_:limits:)``.
    func enqueue(
        _ grant: Grant, _ integration: Integration, _ transaction: Transaction
    ) throws -> String? {
        guard case .oauth(let tokens) = grant.credential,
            let url = integration.definition.revocationUri
        else { return nil }
        let id = Identifier.make("revocation")
        let endpoint: JSONValue = [
            "url": .string(url), "clientId": .string(orNull: integration.definition.clientId),
            "clientAuthentication": .string(integration.definition.clientAuthentication.rawValue),
        ]
        let secret = try integrations.clientSecret(of: integration)
        try transaction.execute(
            """
            INSERT INTO revocation
                (id, integrationId, endpoint, clientSecret, credential, attempts, nextAttemptAt,
                 expiresAt, createdAt)
            VALUES
                (:id, :integrationID, :endpoint, :clientSecret, :credential, 0, :nextAttemptAt,
                 :expiresAt, :now)
            """,
            [
                "id": .text(id), "integrationID": .text(integration.id),
                "endpoint": .text(String(decoding: endpoint.encoded(), as: UTF8.self)),
                "clientSecret": .blob(
                    orNull: try secret.map {
                        try vault.seal($0.utf8, at: place(id, "clientSecret"))
                    }),
                "credential": .blob(
                    try vault.seal(grant.credential.bytes, at: place(id, "credential"))),
                "nextAttemptAt": .integer((clock.now + Self.firstClaim).seconds),
                "expiresAt": .integer(end(of: tokens, grant).seconds),
                "now": .integer(clock.now.seconds),
            ])
        return id
    }

    /// Tries one entry now; what fails stays queued.
    func attempt(_ id: String, limits: TransferLimits = .providerAnswer) {
        do {
            guard let entry = try load(id) else { return }
            try revoke(entry, limits: limits)
            try database.write {
                try $0.execute("DELETE FROM revocation WHERE id = :id", ["id": .text(id)])
            }
            logger.info("grant revoked", metadata: ["revocation": "\(id)"])
        } catch {
            logger.warning(
                "revocation failed, to be tried again",
                metadata: ["revocation": "\(id)", "error": "\(error)"])
            noteFailure(id, "\(error)")
        }
    }

    /// Tries every entry that is due. Claiming moves an entry's next attempt on, so that no other
    /// process tries it at the same time.
    ///
    /// - Parameter shouldStop: Asked before each; what is left stays due.
    func attemptDue(unless shouldStop: () -> Bool) throws {
        while !shouldStop(), let id = try claimNext() { attempt(id) }
    }

    private func claimNext() throws -> String? {
        let now = clock.now
        let hasDue = try database.read {
            try $0.number(
                "SELECT count(*) FROM revocation WHERE nextAttemptAt <= :now",
                ["now": .integer(now.seconds)]) > 0
        }
        guard hasDue else { return nil }
        return try database.write { transaction in
            // 30 s, 60 s, 2 min … at most 6 hours between attempts.
            try transaction.first(
                """
                UPDATE revocation
                SET attempts = attempts + 1,
                    nextAttemptAt = :now + min(21600, 30 << min(attempts, 10))
                WHERE id = (SELECT id FROM revocation WHERE nextAttemptAt <= :now
                            ORDER BY nextAttemptAt LIMIT 1)
                RETURNING id
                """, ["now": .integer(now.seconds)]
            ) { $0.text(0) }
        }
    }

    private struct Entry {
        let endpoint: JSONValue
        let clientSecret: String?
        let credential: Credential?
    }

    private func load(_ id: String) throws -> Entry? {
        try database.read { reader in
            try reader.first(
                "SELECT endpoint, clientSecret, credential FROM revocation WHERE id = :id",
                ["id": .text(id)]
            ) { row in
                Entry(
                    endpoint: try JSONValue(parsing: row.text(0)),
                    clientSecret: try row.blobOrNil(1).map {
                        String(
                            decoding: try vault.open($0, at: place(id, "clientSecret")),
                            as: UTF8.self)
                    },
                    credential: Credential(
                        bytes: try vault.open(row.blob(2), at: place(id, "credential"))))
            }
        }
    }

    /// The refresh token first: it is the one that makes new ones (RFC 7009 §2.1).
    private func revoke(_ entry: Entry, limits: TransferLimits) throws {
        guard case .oauth(let tokens)? = entry.credential else { return }
        let endpoint = RevocationEndpoint(
            url: entry.endpoint["url"]?.stringValue ?? "",
            client: Client(
                id: entry.endpoint["clientId"]?.stringValue ?? "", secret: entry.clientSecret,
                authentication: entry.endpoint["clientAuthentication"]?.stringValue
                    .flatMap(ClientAuthentication.init(rawValue:)) ?? .post),
            transport: transport, limits: limits)
        if let refreshToken = tokens.refreshToken {
            try revoke(refreshToken, .refreshToken, at: endpoint)
        }
        try revoke(tokens.accessToken, .accessToken, at: endpoint)
    }

    private func revoke(
        _ token: String, _ hint: TokenTypeHint, at endpoint: RevocationEndpoint
    ) throws {
        do {
            try endpoint.revoke(token, hint: hint)
        } catch OAuthError.refused("unsupported_token_type", _) {
            // RFC 7009 §2.2.1: the provider does not revoke this kind; it ends by itself.
        }
    }

    private func noteFailure(_ id: String, _ error: String) {
        _ = try? database.write {
            try $0.execute(
                "UPDATE revocation SET lastError = :error WHERE id = :id",
                ["id": .text(id), "error": .text(error)])
        }
    }

    /// When there is nothing left to revoke: both tokens have ended by themselves.
    private func end(of tokens: OAuthTokens, _ grant: Grant) -> Timestamp {
        let unknown = clock.now + Self.unknownLifetime
        let accessEnd = grant.tokenExpiresAt ?? unknown
        guard tokens.refreshToken != nil else { return accessEnd }
        return max(accessEnd, grant.refreshTokenExpiresAt ?? unknown)
    }

    private func place(_ id: String, _ column: String) -> SealedPlace {
        SealedPlace(table: "revocation", row: id, column: column)
    }
}
