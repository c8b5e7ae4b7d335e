import Integrations
import Locking
import Storage

/// Remembers decoded integrations by id and revision. Every look-up reads the revision from the
/// database, so that a change made by another process counts at once; only decoding is saved.
package final class IntegrationCache: Sendable {
    private let known = BargingLock<[String: Integration]>([:])

    /// Finds an integration by id or slug, matched exactly; an id wins over a slug.
    func find(_ reference: String, _ reader: Reader) throws -> Integration? {
        guard
            let (id, revision) = try reader.first(
                """
                SELECT id, revision FROM integration WHERE id = :reference
                UNION ALL
                SELECT id, revision FROM integration WHERE slug = :reference LIMIT 1
                """, ["reference": .text(reference)], { ($0.text(0), $0.integer(1)) })
        else { return nil }
        return try find(id: id, revision: revision, reader)
    }

    /// The integration of that id, whose revision was just read.
    func find(id: String, revision: Int64, _ reader: Reader) throws -> Integration? {
        if let integration = known.withLock({ $0[id] }), integration.revision == revision {
            return integration
        }
        return try load(id, reader)
    }

    private func load(_ id: String, _ reader: Reader) throws -> Integration? {
        let integration = try reader.first(
            "SELECT \(Integration.columns) FROM integration WHERE id = :id", ["id": .text(id)],
            Integration.init(row:))
        known.withLock { $0[id] = integration }
        return integration
    }
}
