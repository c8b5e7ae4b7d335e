import Connections
import Encoding
import HTTPClient
import HTTPTypes
import Limits
import OAuth
import Primitives
import Problems
import Storage
import Vault
import Web

/// The only place where an error becomes a status, with ``Problem/init(body:)`` for the errors of
/// reading a body.
extension Problem {
    package init(_ error: any Error) {
        self =
            switch error {
            case let problem as Problem: problem
            case let error as ConnectionsError: Problem(error)
            case InputError.invalid(let code, let detail): Problem(.badRequest, code, detail)
            case InputError.conflict(let code, let detail): Problem(.conflict, code, detail)
            case VaultError.sealBroken: Self.secretUnreadable
            case let refusal as CallRefusal: Problem(refusal)
            case let error as OAuthError: Problem(provider: error)
            case let error as StorageError: Problem(storage: error)
            case let error as RequestBodyError: Problem(body: error)
            default: Self.internalError
            }
    }

    private init(_ error: ConnectionsError) {
        self =
            switch error {
            case .integrationNotFound:
                Problem(.notFound, .integrationNotFound, "There is no such integration.")
            case .connectionNotFound:
                Problem(
                    .notFound, .connectionNotFound,
                    "There is no connection for this integration.")
            case .connectionRequired(let slug):
                Problem.toConnect(
                    slug, .connectionRequired,
                    "There is no connection for this integration yet. Connect it first.")
            case .reauthorizationRequired(let slug, let reason):
                Problem.toConnect(
                    slug, .reauthorizationRequired, Self.explanation(of: reason),
                    [("reason", .string(orNull: reason?.rawValue))])
            case .notOwner:
                Problem(
                    .forbidden, .sharedConnectionNotOwner,
                    "The shared connection is another user's. Its owner or a superuser can replace "
                        + "or end it.")
            case .mayNotShare(let isConnected):
                Problem(
                    .forbidden, .sharedConnectionNotOwner,
                    (isConnected ? "" : "No one has connected this integration yet. ")
                        + "It has one connection for all its users, which a superuser can make, or "
                        + "a user whom 'sharedManagers' names.")
            case .signedOut:
                Problem.unauthenticated(
                    "The session or API key was ended during the request. Sign in again.")
            case .provider(let error): Problem(provider: error)
            case .metadataUnavailable(let issuer, let error):
                Problem(
                    .badGateway, .metadataUnavailable,
                    "The metadata of the issuer '\(issuer)' could not be read: \(error).")
            case .lookupFailed(let reason):
                Problem(
                    .badGateway, .providerAnswerIncomplete,
                    "The provider gave access, but did not say what the integration has to know: "
                        + "\(reason).")
            case .providerCoolingDown(let seconds):
                Problem(
                    .badGateway, .providerUnavailable,
                    "The provider failed to refresh the token a moment ago and is left alone for "
                        + "\(seconds) seconds.",
                    headers: [.retryAfter: "\(seconds)"])
            case .providerBusy(let seconds):
                Problem(
                    .serviceUnavailable, .providerBusy,
                    "The provider asks to be left alone for \(seconds) seconds.",
                    headers: [.retryAfter: "\(seconds)"])
            case .clientRefused(let seconds):
                Problem(
                    .serviceUnavailable, .clientRefused,
                    "The provider refuses the integration's client id or secret and is left alone "
                        + "for \(seconds) seconds. An administrator has to correct the integration.",
                    headers: [.retryAfter: "\(seconds)"])
            case .upstream(let error, let attempts):
                Problem(upstream: error, attempts: attempts)
            case .redirectNotFollowed(let code, let detail, let attempts):
                Problem(redirect: code, detail, attempts: attempts)
            case .credentialRefused(let status):
                Problem(
                    .badRequest, .credentialRefused,
                    "The API refused the credential with status \(status); nothing was stored.")
            case .credentialUntested(let status):
                Problem(
                    .badGateway, .credentialUntested,
                    "The API could not try the credential: it answered with status \(status); "
                        + "nothing was stored.")
            }
    }

    private init(provider error: OAuthError) {
        self =
            switch error {
            case .timedOut:
                Problem(
                    .gatewayTimeout, error.publicCode,
                    "The provider did not answer in time.",
                    proxyError: "http_response_timeout")
            case .refused(let code, _):
                Problem(
                    .badGateway, error.publicCode,
                    "The provider refused what it was given: \(code).",
                    proxyError: "http_request_denied")
            case .wrongTokenType:
                Problem(
                    .badGateway, error.publicCode,
                    "The provider gave a token of a type that is not known to mean a bearer token. "
                        + "The operator finds its name in the log.",
                    proxyError: "http_protocol_error")
            default:
                Problem(
                    .badGateway, error.publicCode,
                    "The provider could not be asked, or gave an answer that cannot be used.",
                    proxyError: "http_protocol_error")
            }
    }

    private init(storage error: StorageError) {
        self =
            switch error.kind {
            case .busy, .full, .readOnly, .io:
                Problem(
                    .serviceUnavailable, .storageUnavailable,
                    "The database cannot be used at the moment. Try again.",
                    headers: [.retryAfter: "5"])
            default: Self.internalError
            }
    }

    static func unauthenticated(_ detail: String) -> Problem {
        Problem(
            .unauthorized, .unauthenticated, detail,
            headers: [.wwwAuthenticate: "Bearer realm=\"grantkeeper\""])
    }

    static let crossSite = Problem(
        .forbidden, .crossSite,
        "This was sent by another site's page. 'allowedOrigins' in the configuration lists the "
            + "origins that may.")

    /// RFC 5842 §7.2; no status after which a call is sent again.
    static let loop = Problem(
        HTTPResponse.Status(code: 508, reasonPhrase: "Loop Detected"), .loopDetected,
        "The service sent this request itself: the integration's 'apiBaseUri' leads back here.")

    /// Any error will do: the browser asks again when its user really comes.
    static let prefetch = Problem(
        .forbidden, .prefetchRefused,
        "This is for a user who comes here, and not to be fetched ahead.")

    static func sentTwice(_ name: String) -> Problem {
        Problem(.badRequest, .malformedRequest, "\(name) was sent twice.")
    }

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, .methodNotAllowed, "This path takes \(names).",
            headers: [.allow: names])
    }

    static let notOnBehalf = Problem(
        .forbidden, .superuserKeyRequired,
        "Only a superuser's API key may act 'On-Behalf-Of' another user.")

    private static let secretUnreadable = Problem(
        .internalServerError, .secretUnreadable,
        "A stored secret cannot be opened. The operator finds the reason in the log.")

    private static let internalError = Problem(
        .internalServerError, .internalError,
        "Something is wrong with the service. The operator finds the request's id in the log.")

    private static func explanation(of reason: Connection.StatusReason?) -> String {
        switch reason {
        case .expired:
            "The token has expired, and there is nothing to refresh it with. Connect again."
        case .interactionRequired:
            "The provider wants its user: to sign in again, to agree, or to choose. Connect again."
        case .endedBeforeRestore:
            "It was ended before the database was restored from a backup. Connect again."
        case .integrationChanged: "The integration was moved to another address. Connect again."
        case .invalidGrant, nil: "The provider does not honour the grant any more. Connect again."
        }
    }

    private static func toConnect(
        _ slug: String, _ code: ProblemCode, _ detail: String, _ more: [(String, JSONValue)] = []
    ) -> Problem {
        let link = "/api/integrations/\(slug)/connect"
        return Problem(
            .conflict, code, detail, members: [("connect", .string(link))] + more)
    }
}
