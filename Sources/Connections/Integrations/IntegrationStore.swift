import Encoding
import Integrations
import OAuth
import Primitives
import Storage
import Vault

/// The integrations: read by those who use them, changed by superusers.
package final class IntegrationStore: Sendable {
    let database: Database
    let vault: Vault
    let clock: Clock
    private let cache = IntegrationCache()
    let resolver: IntegrationResolver

    init(database: Database, vault: Vault, clock: Clock, resolver: IntegrationResolver) {
        self.database = database
        self.vault = vault
        self.clock = clock
        self.resolver = resolver
    }

    /// The integration of that id or slug, if the caller may see it.
    ///
    /// - Throws: ``ConnectionsError/integrationNotFound``, also for one that exists for others.
    package func find(_ reference: String, for caller: Caller) throws -> Integration {
        try database.read { try find(reference, for: caller, $0) }
    }

    func find(_ reference: String, for caller: Caller, _ reader: Reader) throws -> Integration {
        guard let integration = try cache.find(reference, reader), integration.isVisible(to: caller)
        else { throw ConnectionsError.integrationNotFound }
        return integration
    }

    /// Returns the same for an integration whose revision was just read.
    func find(
        id: String, revision: Int64, for caller: Caller, _ reader: Reader
    ) throws -> Integration {
        guard let integration = try cache.find(id: id, revision: revision, reader),
            integration.isVisible(to: caller)
        else { throw ConnectionsError.integrationNotFound }
        return integration
    }

    /// A page of the integrations that the caller may see, by name.
    ///
    /// - Returns: The page, and how many there are in all.
    package func list(
        for caller: Caller, start: Int, limit: Int
    ) throws -> (page: [Integration], total: Int) {
        let visible = try database.read { reader in
            try reader.all(
                "SELECT \(Integration.columns) FROM integration ORDER BY slug", [:],
                Integration.init(row:))
        }.filter { $0.isVisible(to: caller) }
        return (Array(visible.dropFirst(start).prefix(limit)), visible.count)
    }

    /// Removes an integration that has no connections.
    ///
    /// - Throws: ``InputError/conflict(code:detail:)`` when it has some.
    func remove(_ integration: Integration, _ transaction: Transaction) throws {
        let count = try connectionCount(integration, transaction)
        guard count == 0 else {
            throw InputError.conflict(
                code: .integrationInUse,
                detail: "\(count) connections exist; 'disconnect=true' ends them too.")
        }
        try transaction.execute(
            "DELETE FROM integration WHERE id = :id", ["id": .text(integration.id)])
    }

    /// Whether a client that proves itself by a secret has none: only public clients may do so.
    package func lacksSecret(_ integration: Integration) throws -> Bool {
        guard integration.definition.authType == .oauth2 else { return false }
        switch integration.definition.clientAuthentication {
        case .none, .privateKeyJWT: return false
        case .basic, .basicUnencoded, .post:
            return try secrets(of: integration).clientSecret == nil
        }
    }

    func secrets(of integration: Integration) throws -> ClientSecrets {
        guard let sealed = integration.sealedClientSecret else { return ClientSecrets() }
        return ClientSecrets(
            bytes: try vault.open(sealed, at: Integration.clientSecretPlace(id: integration.id)))
    }

    func connectionCount(_ integration: Integration, _ reader: Reader) throws -> Int64 {
        try reader.number(
            "SELECT count(*) FROM connection WHERE integrationId = :id",
            ["id": .text(integration.id)])
    }
}
