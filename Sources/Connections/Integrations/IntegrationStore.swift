import Encoding
import OAuth
import Storage

/// The integrations: looked up by those who use them, kept by superusers.
package final class IntegrationStore: Sendable {
    private let database: Database
    private let vault: Vault
    private let clock: Clock
    private let cache = IntegrationCache()
    private let allowsHTTP: Bool

    init(database: Database, vault: Vault, clock: Clock, allowsHTTP: Bool) {
        self.database = database
        self.vault = vault
        self.clock = clock
        self.allowsHTTP = allowsHTTP
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

    /// The same, for one whose revision was just read.
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

    /// Adds an integration.
    ///
    /// - Throws: ``ConnectionsError``: invalid fields, or a slug that is taken.
    package func add(_ json: JSONValue) throws -> Integration {
        let (definition, clientSecret) = try read(json)
        let id = Identifier.make("integration")
        let sealed = try seal(clientSecret, id: id)
        let now = SQLValue.integer(clock.now.seconds)
        _ = try refusingTakenSlug(definition.slug) {
            try database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO integration
                        (id, slug, mode, definition, clientSecret, revision, createdAt, updatedAt)
                    VALUES (:id, :slug, :mode, :definition, :clientSecret, 1, :now, :now)
                    """,
                    columns(definition).merging(
                        ["id": .text(id), "clientSecret": .blob(orNull: sealed), "now": now]
                    ) { $1 })
            }
        }
        return try find(id, for: .system)
    }

    /// Replaces an integration's definition; its client secret stays unless a new one is given.
    ///
    /// - Parameter confirmed: Whether connections may be made unusable by it: when the origin of
    ///   an endpoint changes, they have to be authorized anew, and no token of the old origin
    ///   goes to the new one.
    /// - Throws: ``ConnectionsError``.
    package func replace(
        _ reference: String, with json: JSONValue, confirmed: Bool
    ) throws -> Integration {
        let (definition, clientSecret) = try read(json)
        let id = try refusingTakenSlug(definition.slug) {
            try database.write { transaction in
                let old = try find(reference, for: .system, transaction)
                let sealed =
                    try clientSecret.map { try seal($0, id: old.id) } ?? old.sealedClientSecret
                try prepareConnections(
                    for: definition, replacing: old, confirmed: confirmed, transaction)
                try transaction.execute(
                    """
                    UPDATE integration
                    SET slug = :slug, mode = :mode, definition = :definition,
                        clientSecret = :clientSecret, revision = revision + 1, updatedAt = :now
                    WHERE id = :id
                    """,
                    columns(definition).merging([
                        "id": .text(old.id), "clientSecret": .blob(orNull: sealed),
                        "now": .integer(clock.now.seconds),
                    ]) { $1 })
                return old.id
            }
        }
        return try find(id, for: .system)
    }

    /// Removes an integration that has no connections.
    ///
    /// - Throws: ``ConnectionsError/conflict(code:detail:)`` when it has.
    func remove(_ integration: Integration, _ transaction: Transaction) throws {
        let count = try connectionCount(integration, transaction)
        guard count == 0 else {
            throw ConnectionsError.conflict(
                code: "integration_in_use",
                detail: "\(count) connections exist; 'disconnect=true' ends them too.")
        }
        try transaction.execute(
            "DELETE FROM integration WHERE id = :id", ["id": .text(integration.id)])
    }

    func clientSecret(of integration: Integration) throws -> String? {
        try integration.sealedClientSecret.map {
            String(
                decoding: try vault.open(
                    $0, at: Integration.clientSecretPlace(id: integration.id)),
                as: UTF8.self)
        }
    }

    private func read(
        _ json: JSONValue
    ) throws -> (definition: IntegrationDefinition, clientSecret: String?) {
        let (definition, clientSecret) = try IntegrationDefinition.read(json)
        guard allowsHTTP || !definition.urls.contains(where: { $0.lowercased().hasPrefix("http:") })
        else {
            throw ConnectionsError.invalid(
                code: "invalid_integration",
                detail: "URLs must be https; 'upstream.allowHttp' in the configuration allows http."
            )
        }
        return (definition, clientSecret)
    }

    private func seal(_ secret: String?, id: String) throws -> [UInt8]? {
        try secret.map { try vault.seal($0.utf8, at: Integration.clientSecretPlace(id: id)) }
    }

    private func columns(_ definition: IntegrationDefinition) -> Parameters {
        [
            "slug": .text(definition.slug), "mode": .text(definition.mode.rawValue),
            "definition": .text(String(decoding: definition.json.encoded(), as: UTF8.self)),
        ]
    }

    private func refusingTakenSlug<T>(_ slug: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as StorageError where error.kind == .constraint {
            throw ConnectionsError.conflict(
                code: "slug_taken", detail: "There is an integration with the slug '\(slug)'.")
        }
    }

    private func connectionCount(_ integration: Integration, _ reader: Reader) throws -> Int64 {
        try reader.number(
            "SELECT count(*) FROM connection WHERE integrationId = :id",
            ["id": .text(integration.id)])
    }

    private func prepareConnections(
        for definition: IntegrationDefinition, replacing old: Integration, confirmed: Bool,
        _ transaction: Transaction
    ) throws {
        if definition.movesTokens(from: old.definition) {
            // What is under way goes by the old endpoints.
            try transaction.execute(
                "DELETE FROM pendingAuthorization WHERE integrationId = :id",
                ["id": .text(old.id)])
        }
        guard try connectionCount(old, transaction) > 0 else { return }
        guard definition.mode == old.definition.mode, definition.authType == old.definition.authType
        else {
            throw ConnectionsError.conflict(
                code: "integration_in_use",
                detail: "'mode' and 'authType' cannot change while connections exist.")
        }
        guard definition.movesTokens(from: old.definition) else { return }
        guard confirmed else {
            throw ConnectionsError.conflict(
                code: "origin_change_unconfirmed",
                detail: "The origin of an endpoint changes, so that its connections have to be "
                    + "authorized anew; 'confirm=true' says that this is meant.")
        }
        try Connection.requireReauthorization(
            ofAll: old, now: clock.now, transaction)
    }
}

extension IntegrationDefinition {
    /// Every URL that something may be sent to.
    var urls: [String] {
        [authUri, tokenUri, revocationUri, apiBaseUri].compactMap { $0 } + apiHosts
    }

    /// Whether a token that was given for the old definition's origins would go to another one.
    /// What calls carry may go where calls went; what renews it, only where it went before.
    func movesTokens(from old: IntegrationDefinition) -> Bool {
        !apiOrigins.isSubset(of: old.apiOrigins)
            || !Self.origins([tokenUri]).isSubset(of: Self.origins([old.tokenUri]))
            || !Self.origins([revocationUri])
                .isSubset(of: Self.origins([old.revocationUri, old.tokenUri]))
    }

    private static func origins(_ urls: [String?]) -> Set<AbsoluteURL.Origin> {
        Set(urls.compactMap { $0.flatMap(AbsoluteURL.init)?.origin })
    }

    /// Where calls go. With placeholders that is the text before the path, and what may take their
    /// places in it.
    private var apiOrigins: Set<String> {
        Set(
            ([apiBaseUri] + apiHosts).map { base in
                let parts = base.split(separator: "/", omittingEmptySubsequences: false)
                let beginning = parts.prefix(base.hasPrefix("{") ? 1 : 3).joined(separator: "/")
                let names = Template(beginning).names
                guard !names.isEmpty else {
                    return AbsoluteURL(beginning)?.origin.description ?? beginning
                }
                let values = connectionData.filter { names.contains($0.name) }.map {
                    "\($0.name) \($0.source) \($0.member) \($0.pattern)"
                }
                return ([beginning] + values).joined(separator: "\n")
            })
    }
}
