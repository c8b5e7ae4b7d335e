import Addressing
import Integrations

/// The address to which providers send browsers back. Made from the one required setting, the
/// public base URL; nothing in a request influences it (SECURITY 13).
package struct RedirectURI: Sendable {
    package static let path = "/oauth2/callback"
    private let publicBaseURL: Origin

    package init(publicBaseURL: Origin) {
        self.publicBaseURL = publicBaseURL
    }

    /// The contract's path, which integrations share.
    package var common: String { publicBaseURL.description + Self.path }

    /// The one to register at the integration's provider.
    package func of(_ definition: IntegrationDefinition) -> String {
        switch definition.redirect {
        case .common: common
        case .own: "\(common)/\(definition.slug)"
        }
    }
}
