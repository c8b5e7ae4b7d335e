import HTTPClient
import OAuth
import Primitives
import Problems

/// A refusal or failure of the domain. Each case has one stable code; the HTTP status for it is
/// chosen where errors become answers.
package enum ConnectionsError: DomainError {
    // Refused requests
    case integrationNotFound
    case connectionNotFound
    /// There is no connection to make the call with.
    case connectionRequired(slug: String)
    /// The connection has to be authorized again.
    case reauthorizationRequired(slug: String, reason: Connection.StatusReason?)
    /// The shared connection is another user's.
    case notOwner
    /// The connection is one for all users, and the caller is not one of those who may make it.
    case mayNotShare(isConnected: Bool)
    /// The caller's session or API key was ended while the request was under way.
    case signedOut
    // Failed requests to the provider or the API
    case provider(OAuthError)
    /// The metadata of an integration's issuer could not be read.
    case metadataUnavailable(issuer: String, MetadataNotFound)
    /// The token is good, but the request for the data that has to be known beside it gave no
    /// usable answer. The text is ours: callers see it.
    case lookupFailed(String)
    /// The API refuses a credential that is tried before it is stored.
    case credentialRefused(status: Int)
    /// The API is in trouble, or asked too often, and so says nothing of a credential.
    case credentialUntested(status: Int)
    /// The provider failed a moment ago and is left alone for a while, in seconds.
    case providerCoolingDown(retryAfter: Int64)
    /// The provider asks to be left alone for so long, in seconds.
    case providerBusy(retryAfter: Int64)
    /// The provider refuses the integration's client, and is left alone for a while, in seconds.
    case clientRefused(retryAfter: Int64)
    /// A call to an API got no answer, however often it was sent.
    case upstream(HTTPClientError, attempts: Int)
    /// A redirect of an API that was to be followed leads too far, or to no place for calls.
    case redirectNotFollowed(code: ProblemCode, detail: String, attempts: Int)
}

extension ConnectionsError {
    /// Whether the provider gave nothing, or is not asked at the moment.
    package var isOfProvider: Bool {
        switch self {
        case .provider, .providerCoolingDown, .providerBusy, .clientRefused: true
        default: false
        }
    }
}
