import Integrations
import Primitives
import Storage

/// Integrations that use their provider's metadata, and when it is old.
extension IntegrationStore {
    /// The seconds for which a provider's metadata is taken as current.
    static let metadataPause: Int64 = 86_400

    /// Puts off reading an integration's metadata again.
    package func noteMetadataRead(_ integration: Integration, again pause: Int64) throws {
        try database.write {
            try $0.execute(
                """
                UPDATE integration SET metadataDueAt = :later
                WHERE id = :id AND metadataDueAt IS NOT NULL
                """,
                [
                    "id": .text(integration.id),
                    "later": .integer((clock.now + pause).seconds),
                ])
        }
    }

    /// Returns the integrations whose metadata was read long ago. The second comparison is for a
    /// clock that was wrong when the time was written down.
    package func withOldMetadata() throws -> [String] {
        try database.read {
            try $0.all(
                """
                SELECT id FROM integration
                WHERE metadataDueAt <= :now OR metadataDueAt > :now + 2 * \(Self.metadataPause)
                """, ["now": .integer(clock.now.seconds)]
            ) { $0.text(0) }
        }
    }
}
