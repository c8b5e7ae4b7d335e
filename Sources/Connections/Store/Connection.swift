import Integrations
import OAuth
import Primitives
import Storage
import Vault

/// One owner's authorization for one integration.
package struct Connection: Sendable {
    package enum Status: String, Sendable, CaseIterable {
        case active
        /// The provider does not honour the grant any more; the owner has to connect again.
        case reauthorizationRequired = "reauthorization_required"
    }

    /// The reason for which a connection has to be authorized again.
    package enum StatusReason: String, Sendable, CaseIterable {
        /// The provider refused the refresh token: revoked, expired, or used by another client.
        case invalidGrant = "invalid_grant"
        /// The provider wants the user: to sign in again, to agree, to choose an account.
        case interactionRequired = "interaction_required"
        /// The access token has expired, and there is nothing to refresh it with, or only a refresh
        /// token that is past the end that the provider stated, and that the provider refuses.
        case expired
        /// The integration's endpoints were moved to another origin.
        case integrationChanged = "integration_changed"
        /// The connection had ended before a backup was restored that still contained it.
        case endedBeforeRestore = "ended_before_restore"
    }

    package let id: String
    package let integrationID: String
    /// The user who made it.
    package let ownerID: String
    /// The user who alone has it; empty for the integration's shared one.
    let holder: String
    package let status: Status
    /// `nil` while it is active.
    package let statusReason: StatusReason?
    /// The time since when it has the status.
    package let statusSince: Timestamp
    /// The granted scope, as far as the provider stated it.
    package let scope: String?
    package let tokenExpiresAt: Timestamp?
    package let refreshTokenExpiresAt: Timestamp?
    /// The data that the integration keeps about the connection, as a JSON object; no secrets.
    package let data: String
    package let lastAuthorizedAt: Timestamp
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// The time when a call last used it, give or take a minute; `nil` when none did.
    package let lastUsedAt: Timestamp?
    /// The time when its tokens were issued.
    let refreshedAt: Timestamp
    /// A number that grows with each token that is stored.
    package let generation: Int64
    let sealedCredential: [UInt8]
    /// Whether a refresh token was asked for and none came: it ends with its access token.
    package let lacksRefreshToken: Bool
    private let troubleText: String?

    /// The failures of its refreshes since one last succeeded.
    package var refreshTrouble: RefreshTrouble? {
        troubleText.flatMap(RefreshTrouble.init(stored:))
    }

    package var isShared: Bool { holder.isEmpty }

    package static let columns = columns(of: "connection")

    /// The number of columns.
    static let columnCount = columns.split(separator: ",").count

    package static func columns(of table: String) -> String {
        [
            "id", "integrationId", "ownerId", "holder", "status", "scope", "tokenExpiresAt",
            "refreshTokenExpiresAt", "data", "lastAuthorizedAt", "createdAt", "updatedAt",
            "generation", "credential", "statusReason", "statusSince", "lastUsedAt", "refreshedAt",
            "lacksRefreshToken", "refreshTrouble",
        ].map { "\(table).\($0)" }.joined(separator: ", ")
    }

    package init(row: Row) {
        id = row.text(0)
        integrationID = row.text(1)
        ownerID = row.text(2)
        holder = row.text(3)
        status = Status(rawValue: row.text(4)) ?? .reauthorizationRequired
        scope = row.textOrNil(5)
        tokenExpiresAt = row.integerOrNil(6).map(Timestamp.init(seconds:))
        refreshTokenExpiresAt = row.integerOrNil(7).map(Timestamp.init(seconds:))
        data = row.text(8)
        lastAuthorizedAt = Timestamp(seconds: row.integer(9))
        createdAt = Timestamp(seconds: row.integer(10))
        updatedAt = Timestamp(seconds: row.integer(11))
        generation = row.integer(12)
        sealedCredential = row.blob(13)
        statusReason = row.textOrNil(14).flatMap(StatusReason.init(rawValue:))
        statusSince = Timestamp(seconds: row.integer(15))
        lastUsedAt = row.integerOrNil(16).map(Timestamp.init(seconds:))
        refreshedAt = Timestamp(seconds: row.integerOrNil(17) ?? row.integer(11))
        lacksRefreshToken = row.bool(18)
        troubleText = row.textOrNil(19)
    }

    /// Whether that caller made it.
    func isOwned(by caller: Caller) -> Bool {
        caller.isUser(ownerID)
    }

    static func credentialPlace(id: String, ownerID: String) -> SealedPlace {
        SealedPlace(table: "connection", row: id, column: "credential", owner: ownerID)
    }
}

extension Connection {
    /// Returns the scopes that the integration asks for and the provider did not grant; none where
    /// the provider does not state what it granted.
    package func missingScope(_ integration: Integration) -> [String] {
        let definition = integration.definition
        guard let scope, let asked = definition.scope else { return [] }
        let implied = definition.scopeImplies.map { (granted: $0.name, scopes: $0.value) }
        return ScopeComparison(implied: implied).missing(of: asked, granted: scope)
    }
}

extension Connection {
    /// Returns the connection of that integration and holder.
    static func find(
        _ integration: Integration, holder: String, _ reader: Reader
    ) throws -> Connection? {
        try reader.first(
            byHolder, ["integrationID": .text(integration.id), "holder": .text(holder)],
            Connection.init(row:))
    }

    private static let byHolder = """
        SELECT \(columns) FROM connection
        WHERE integrationId = :integrationID AND holder = :holder
        """

    static func find(id: String, _ reader: Reader) throws -> Connection? {
        try reader.first(
            "SELECT \(columns) FROM connection WHERE id = :id", ["id": .text(id)],
            Connection.init(row:))
    }

    /// Returns the generation of a connection's tokens; `nil` when it ended, or has to be
    /// authorized again.
    static func activeGeneration(id: String, _ reader: Reader) throws -> Int64? {
        try reader.first(
            "SELECT generation FROM connection WHERE id = :id AND status = 'active'",
            ["id": .text(id)]
        ) { $0.integer(0) }
    }

    static func delete(id: String, _ transaction: Transaction) throws {
        try transaction.execute("DELETE FROM lease WHERE name = :id", ["id": .text(id)])
        try transaction.execute("DELETE FROM connection WHERE id = :id", ["id": .text(id)])
    }

    /// Marks the grant as dead, unless a newer token was stored meanwhile.
    ///
    /// - Returns: Whether the generation still stood.
    static func requireReauthorization(
        id: String, generation: Int64, reason: StatusReason, now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            UPDATE connection
            SET status = 'reauthorization_required', statusReason = :reason, statusSince = :now,
                updatedAt = :now, refreshTrouble = NULL
            WHERE id = :id AND generation = :generation
            """,
            [
                "id": .text(id), "generation": .integer(generation),
                "reason": .text(reason.rawValue), "now": .integer(now.seconds),
            ]) > 0
    }

    /// Marks every connection of an integration whose endpoints move, and erases its credential:
    /// nothing that was given for the old ones may reach the new ones, not even to be revoked. Late
    /// answers of refreshes under way then belong to an older generation.
    static func requireReauthorization(
        ofAll integration: Integration, now: Timestamp, _ transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE connection
            SET status = 'reauthorization_required', statusReason = :reason, statusSince = :now,
                updatedAt = :now, generation = generation + 1, credential = x'',
                refreshTrouble = NULL
            WHERE integrationId = :integrationID
            """,
            [
                "integrationID": .text(integration.id),
                "reason": .text(StatusReason.integrationChanged.rawValue),
                "now": .integer(now.seconds),
            ])
    }
}
