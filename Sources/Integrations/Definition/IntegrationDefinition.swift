import Encoding
import OAuth

/// The definition of an integration by its operator: all but the client secret, ids and dates.
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
    /// The shape of a revocation, where it differs from RFC 7009.
    package var revocation: RevocationShape?
    package var apiBaseUri: String
    /// The values kept about each connection, which fill the placeholders of URLs and headers.
    package var connectionData: [ConnectionDatum] = []
    /// Further base URLs under which an absolute URL of a proxied call may lie.
    package var apiHosts: [String] = []
    /// The scope, separated by spaces, also where the provider wants another separator.
    package var scope: String?
    package var scopeSeparator = ScopeSeparator.space
    /// The parameter that carries the scope.
    package var scopeParameter = "scope"
    /// The scopes that a granted scope includes, by its name: where the provider answers with
    /// another name, or leaves out the narrower scopes beside a wider one.
    package var scopeImplies: [Parameter] = []
    /// Whether a code challenge (RFC 7636) is sent. Off only for providers that refuse it.
    package var usesPKCE = true
    /// The resources for which the tokens are requested (RFC 8707).
    package var resources: [String] = []
    package var clientId: String?
    /// The method by which the client proves itself at the token endpoint.
    package var clientAuthentication = ClientAuthentication.post
    package var grant = GrantType.authorizationCode
    /// The id by which the provider knows the client's key.
    package var keyId: String?
    /// The algorithm by which the client signs; `nil` stands for the key's default.
    package var signingAlgorithm: SigningAlgorithm?
    /// The claims of the assertion for the grant `jwt_bearer`.
    package var assertion = AssertionRules()
    /// Further parameters for the authorization endpoint, such as `access_type=offline`.
    package var authorizationParameters: [Parameter] = []
    /// Further parameters for the token endpoint.
    package var tokenParameters: [Parameter] = []
    /// Further header fields for the token endpoint.
    package var tokenHeaders: [Parameter] = []
    /// The format of a token request's parameters.
    package var tokenFormat = TokenRequestFormat.form
    /// The places of the values in a token response.
    package var tokenResponse = TokenResponseShape()
    /// The rules for refreshing tokens.
    package var refresh = RefreshRules()
    /// The request that is sent right after connecting.
    package var lookup: Lookup?
    /// The place of the provider's signature over the callback's parameters.
    package var callbackSignature: CallbackSignature?
    /// The provider's issuer; when set, an `iss` in the callback must be identical (RFC 9207).
    package var issuer: String?
    /// Whether a callback without `iss` is refused: the provider's metadata promises one.
    package var issuerRequired = false
    /// Whether the integration has a redirect URI of its own: `/oauth2/callback/{slug}`.
    package var redirect = Redirect.common
    /// Users beside superusers who may make the shared connection.
    package var sharedManagers: [String] = []
    /// The users who may see and use the integration; all users when absent.
    package var allowedUsers: [String]?
    /// The labels of the page on which people enter a credential.
    package var credentialForm = CredentialForm()
    /// The place of the credential in a proxied call.
    package var credentialPlacement: CredentialPlacement?
    /// Fixed header fields of each proxied call.
    package var headers: [Parameter] = []
    /// Names of the caller's header fields that the path form forwards beside the usual ones.
    package var forwardHeaders: [String] = []
    /// Whether redirects of the API are followed, unless the caller says otherwise.
    package var followsRedirects = false
    /// Media types of answers that are passed on as they arrive, beside events.
    package var streamedTypes: [String] = []
    package var limits = CallLimits()
    package var timeouts = CallTimeouts()
    package var connections = APIConnections()
    package var retries = RetryRules()
    /// The fields in which the API announces its rate limit, where they are not the usual ones.
    package var rateLimit: RateLimitFields?
    /// Whether reconnecting revokes the tokens held before. Only for providers that revoke just the
    /// token that they get, and not the user's whole grant.
    package var revokesReplacedTokens = false
    /// A path below `apiBaseUri` that tests a credential before it is stored: a GET must get 2xx.
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
        /// The redirect URI `/oauth2/callback`, as in the contract.
        case common
        case own
    }

    /// The separator between two scopes in a request.
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
