import Encoding
import OAuth

/// What an integration is, as its maker says it: everything but the client secret, ids and dates.
///
/// Field names in JSON and YAML are the same as here.
package struct IntegrationDefinition: Equatable, Sendable {
    package var slug: String
    package var name: String
    package var type = "custom"
    package var category: String?
    package var description: String?
    package var mode = Mode.perUser
    package var authType = AuthType.oauth2
    package var authUri: String?
    package var tokenUri: String?
    package var revocationUri: String?
    /// How tokens are revoked there, where it is not RFC 7009's way.
    package var revocation: RevocationShape?
    package var apiBaseUri: String
    /// What is kept about each connection, and fills the placeholders of the URLs and headers.
    package var connectionData: [ConnectionDatum] = []
    /// Further base URLs that an absolute URL of a proxied call may lie under.
    package var apiHosts: [String] = []
    package var scope: String?
    package var clientId: String?
    /// How the client proves itself at the token endpoint.
    package var clientAuthentication = ClientAuthentication.post
    package var grant = Grant.authorizationCode
    /// Sent along to the authorization endpoint, such as `access_type=offline`.
    package var authorizationParameters: [Parameter] = []
    /// Sent along to the token endpoint.
    package var tokenParameters: [Parameter] = []
    /// The provider's issuer; when set, an `iss` in the callback must be identical (RFC 9207).
    package var issuer: String?
    /// Whether a callback without `iss` is refused: the provider's metadata promises one.
    package var issuerRequired = false
    /// Whether the integration has a redirect URI of its own: `/oauth2/callback/{slug}`.
    package var redirect = Redirect.common
    /// Users beside superusers who may make the shared connection.
    package var sharedManagers: [String] = []
    /// The users who may see and use the integration; everybody when absent.
    package var allowedUsers: [String]?
    /// Where the credential goes in a proxied call.
    package var credentialPlacement: CredentialPlacement?
    /// Fixed header fields of each proxied call.
    package var headers: [Parameter] = []
    /// Names of caller's header fields that the path form forwards beside the usual ones.
    package var forwardHeaders: [String] = []
    package var limits = CallLimits()
    package var timeouts = CallTimeouts()
    package var retries = RetryRules()
    /// Where the API says how much is left, unless it does as most do.
    package var rateLimit: RateLimitFields?
    /// Whether reconnecting revokes the tokens held before. Only where the provider ends just the
    /// token that it is given, and not the user's whole grant.
    package var revokesReplacedTokens = false
    /// A path below `apiBaseUri` to try a credential with before it is stored: GET, 2xx is good.
    package var credentialTestPath: String?

    package enum Mode: String, Sendable, CaseIterable {
        case perUser = "per-user"
        case shared
    }

    package enum AuthType: String, Sendable, CaseIterable {
        case oauth2
        case apiKey = "apikey"
        case basic
        case bearer
    }

    package enum Grant: String, Sendable, CaseIterable {
        case authorizationCode = "authorization_code"
        case clientCredentials = "client_credentials"
    }

    package enum Redirect: String, Sendable, CaseIterable {
        /// `/oauth2/callback`, as the contract has it.
        case common
        case own
    }

    package struct Parameter: Equatable, Sendable {
        package let name: String
        package let value: String
    }
}
