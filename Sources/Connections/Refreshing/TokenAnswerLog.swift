import Integrations
import Logging
import OAuth

/// Tells operators of token endpoints' answers that do not follow the standard.
package struct TokenAnswerLog: Sendable {
    private let logger: Logger
    /// The metadata that name the integration and the connection.
    private let metadata: Logger.Metadata

    init(_ logger: Logger, _ metadata: Logger.Metadata) {
        self.logger = logger
        self.metadata = metadata
    }

    /// - Parameter connection: The connection that the tokens are for, where there is one already.
    init(_ logger: Logger, _ integration: Integration, _ connection: Connection? = nil) {
        var metadata: Logger.Metadata = [
            "integration": "\(integration.id)", "slug": "\(integration.slug)",
            "provider": "\(integration.definition.tokenUri ?? "")",
        ]
        metadata["connection"] = connection.map { "\($0.id)" }
        self.init(logger, metadata)
    }

    /// - Parameter isRefresh: Whether a refresh token was used, which may have been replaced.
    func note(_ notice: TokenAnswerNotice, isRefresh: Bool) {
        switch notice {
        case .odd(let what):
            logger.warning(
                "a token answer was read although it is not as it should be",
                metadata: self.metadata(what))
        case .unusable(let what) where isRefresh:
            var metadata = self.metadata(what)
            metadata["advice"] = """
                the provider has most likely replaced the refresh token, and no one has the new one: \
                see what its token endpoint answers, and tell the provider. The old token is tried \
                again soon; if it is refused, the user has to connect again
                """
            logger.error(
                "a refresh succeeded, and its answer cannot be used: the grant is probably lost",
                metadata: metadata)
        case .unusable: break
        }
    }

    private func metadata(_ what: String) -> Logger.Metadata {
        metadata.merging(["error": "\(what)"]) { _, new in new }
    }
}
