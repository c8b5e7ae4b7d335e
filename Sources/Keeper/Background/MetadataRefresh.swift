import Connections
import Integrations
import Logging
import Primitives

/// Reads providers' metadata again, for the integrations that use it.
///
/// No endpoint moves without consent: where one would go to another origin while connections exist,
/// the old one stays, and the log says how to agree.
package struct MetadataRefresh: Sendable {
    let integrations: IntegrationStore
    let logger: Logger
    /// The seconds after which metadata that could not be read are tried again.
    private static let pauseAfterFailure: Int64 = 3600

    /// Runs one round.
    func run(unless shouldStop: () -> Bool) throws {
        for id in try integrations.withOldMetadata() where !shouldStop() {
            let integration: Integration
            do {
                integration = try integrations.find(id, for: .system)
            } catch ConnectionsError.integrationNotFound {
                continue
            }
            try refresh(integration)
        }
    }

    private func refresh(_ integration: Integration) throws {
        do {
            if try integrations.update(integration.id, confirmed: false).hasChanged {
                logger.notice(
                    "integration follows its provider's metadata", metadata: of(integration))
            }
        } catch let error as any DomainError {
            var metadata = of(integration)
            metadata["error"] = "\(error)"
            metadata["advice"] = Self.advice(error, integration).map { "\($0)" }
            logger.warning("provider's metadata not taken over", metadata: metadata)
            try integrations.noteMetadataRead(integration, again: Self.pauseAfterFailure)
        }
    }

    /// Returns advice for the operator where tokens or the client's secret would go elsewhere.
    private static func advice(
        _ error: any DomainError, _ integration: Integration
    ) -> String? {
        let command = "grantkeeper integration update \(integration.slug)"
        return switch error {
        case InputError.conflict(code: .originChangeUnconfirmed, _):
            "\(command) --confirm --secret-file FILE, if this is meant"
        case InputError.conflict(code: .clientSecretRequired, _):
            "\(command) --secret-file FILE, if this is meant"
        default: nil
        }
    }

    private func of(_ integration: Integration) -> Logger.Metadata {
        ["integration": "\(integration.slug)"]
    }
}
