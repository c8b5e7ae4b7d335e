import Integrations
import Primitives
import Storage

/// An integration whose client its provider refuses: a wrong secret, a client that was removed or
/// suspended.
package struct ClientRefusal: Sendable {
    let integrationID: String
    /// The integration's slug.
    package let slug: String
    /// One of ``OAuthError``'s codes.
    package let code: String
    package let since: Timestamp
    package let lastAt: Timestamp
    /// The number of refusals in a row; 0 while it may be one connection's own trouble, because
    /// other connections' refreshes worked just before.
    package let refusals: Int64
    /// Whether the integration is as it was when the provider refused its client.
    let isOfToday: Bool
    /// The connection whose refresh was refused last: it has the least to lose by another one.
    let connectionID: String?
    let nextTryAt: Timestamp
    /// The time until which a try is under way.
    let triedUntil: Timestamp

    /// Whether the integration is left alone by refreshes that no caller waits for.
    var isInForce: Bool { refusals > 0 && isOfToday }

    /// Returns advice for the operator, in plain words.
    package func advice(_ definition: IntegrationDefinition) -> String {
        ConnectFailure.clientRefused.advice(definition, redirectURI: "")
    }

    private static let columns = """
        SELECT refusal.integrationId, integration.slug, refusal.code, refusal.since, refusal.lastAt,
            refusal.refusals, refusal.revision = integration.revision, refusal.connectionId,
            refusal.nextTryAt, refusal.triedUntil
        FROM clientRefusal AS refusal JOIN integration ON integration.id = refusal.integrationId
        """

    private init(row: Row) {
        integrationID = row.text(0)
        slug = row.text(1)
        code = row.text(2)
        since = Timestamp(seconds: row.integer(3))
        lastAt = Timestamp(seconds: row.integer(4))
        refusals = row.integer(5)
        isOfToday = row.bool(6)
        connectionID = row.textOrNil(7)
        nextTryAt = Timestamp(seconds: row.integer(8))
        triedUntil = Timestamp(seconds: row.integer(9))
    }

    static func find(_ integrationID: String, _ reader: Reader) throws -> ClientRefusal? {
        try reader.first(
            "\(columns) WHERE refusal.integrationId = :id", ["id": .text(integrationID)],
            ClientRefusal.init(row:))
    }

    package static func inForce(_ reader: Reader) throws -> [ClientRefusal] {
        try reader.all("\(columns) ORDER BY integration.slug", [:], ClientRefusal.init(row:))
            .filter(\.isInForce)
    }
}
