import Logging

/// Reads anew what providers publish about themselves, for the integrations that go by it.
///
/// Nothing moves without being asked for: where an endpoint would go to another origin while
/// connections exist, the old one stays, and the log says how to agree.
struct MetadataRefresh: Sendable {
    let integrations: IntegrationStore
    let logger: Logger
    /// When one that could not be read is tried again, in seconds.
    private static let pauseAfterFailure: Int64 = 3600

    /// One round.
    func run(unless shouldStop: () -> Bool) throws {
        for id in try integrations.withOldMetadata() where !shouldStop() {
            let integration: Integration
            do {
                integration = try integrations.find(id, for: .system)
            } catch ConnectionsError.integrationNotFound {
                continue
            }
            try renew(integration)
        }
    }

    private func renew(_ integration: Integration) throws {
        do {
            if try integrations.update(integration.id, confirmed: false).hasChanged {
                logger.notice(
                    "integration follows its provider's metadata", metadata: of(integration))
            }
        } catch let error as ConnectionsError {
            var metadata = of(integration)
            metadata["error"] = "\(error)"
            if case .conflict(code: "origin_change_unconfirmed", _) = error {
                metadata["advice"] =
                    "grantkeeper integration update \(integration.slug) --confirm, if this is meant"
            }
            logger.warning("provider's metadata not taken over", metadata: metadata)
            try integrations.noteMetadataRead(integration, again: Self.pauseAfterFailure)
        }
    }

    private func of(_ integration: Integration) -> Logger.Metadata {
        ["integration": "\(integration.slug)"]
    }
}
