import Encoding
import OAuth

/// What an integration is, as its maker says it: everything but the client secret, ids and dates.
///
/// Field names in JSON and YAML are the same as here.
package struct IntegrationDefinition: Equatable, Sendable {
    package var slug: String
    package var name: String
    package var type = Self.customType
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
    /// Separated by spaces, whatever the provider wants.
    package var scope: String?
    package var scopeSeparator = ScopeSeparator.space
    /// The parameter that carries the scope.
    package var scopeParameter = "scope"
    /// Scopes that a granted one stands for, by its name: what the provider calls otherwise, or does
    /// not name beside a wider one.
    package var scopeImplies: [Parameter] = []
    /// Whether a code challenge (RFC 7636) is sent. Off only for providers that refuse it.
    package var usesPKCE = true
    /// Where the tokens are to be used (RFC 8707).
    package var resources: [String] = []
    package var clientId: String?
    /// How the client proves itself at the token endpoint.
    package var clientAuthentication = ClientAuthentication.post
    package var grant = GrantType.authorizationCode
    /// By which the provider knows the client's key.
    package var keyId: String?
    /// What the client signs with; what its key is for, unless said.
    package var signingAlgorithm: SigningAlgorithm?
    /// What is asserted for the grant `jwt_bearer`.
    package var assertion = AssertionRules()
    /// Sent along to the authorization endpoint, such as `access_type=offline`.
    package var authorizationParameters: [Parameter] = []
    /// Sent along to the token endpoint.
    package var tokenParameters: [Parameter] = []
    /// Further header fields for the token endpoint.
    package var tokenHeaders: [Parameter] = []
    /// How a token request's parameters are written.
    package var tokenFormat = TokenRequestFormat.form
    /// Where the token response says what.
    package var tokenResponse = TokenResponseShape()
    /// How tokens are refreshed.
    package var refresh = RefreshRules()
    /// What is asked right after connecting.
    package var lookup: Lookup?
    /// Where the provider signs what the browser brings back.
    package var callbackSignature: CallbackSignature?
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
    /// What people are asked for where they give a credential.
    package var credentialForm = CredentialForm()
    /// Where the credential goes in a proxied call.
    package var credentialPlacement: CredentialPlacement?
    /// Fixed header fields of each proxied call.
    package var headers: [Parameter] = []
    /// Names of caller's header fields that the path form forwards beside the usual ones.
    package var forwardHeaders: [String] = []
    /// Whether redirects of the API's are followed, unless the caller says otherwise.
    package var followsRedirects = false
    /// Types of answers that are passed on as they come, beside events.
    package var streamedTypes: [String] = []
    package var limits = CallLimits()
    package var timeouts = CallTimeouts()
    package var connections = APIConnections()
    package var retries = RetryRules()
    /// Where the API says how much is left, unless it does as most do.
    package var rateLimit: RateLimitFields?
    /// Whether reconnecting revokes the tokens held before. Only where the provider ends just the
    /// token that it is given, and not the user's whole grant.
    package var revokesReplacedTokens = false
    /// A path below `apiBaseUri` to try a credential with before it is stored: GET, 2xx is good.
    package var credentialTestPath: String?

    /// The `type` of an integration with a provider that has none.
    package static let customType = "custom"

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

    package enum Redirect: String, Sendable, CaseIterable {
        /// `/oauth2/callback`, as the contract has it.
        case common
        case own
    }

    /// What stands between two scopes in a request.
    package enum ScopeSeparator: String, Sendable, CaseIterable {
        case space = " "
        case comma = ","
    }

    /// The scope as the provider wants it in a request.
    package var requestedScope: String? {
        scope.map { $0.split(separator: " ").joined(separator: scopeSeparator.rawValue) }
    }

    package struct Parameter: Equatable, Sendable {
        package let name: String
        package let value: String
    }
}
