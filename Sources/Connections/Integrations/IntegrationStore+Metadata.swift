import Integrations
import Primitives
import Storage

/// Integrations that go by what their provider publishes about itself, and when that is old.
extension IntegrationStore {
    /// How long a provider's metadata is taken for true, in seconds.
    static let metadataPause: Int64 = 86_400

    /// Puts off reading an integration's metadata anew.
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

    /// The integrations whose metadata was read long ago. The second comparison is for a calendar
    /// that was wrong when the moment was written down.
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
