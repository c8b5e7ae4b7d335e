import Integrations
import Limits
import OAuth

/// A reason why a redirect flow yielded no connection: the fixed codes for pages and front ends.
package enum ConnectFailure: String, Error, Sendable, CaseIterable {
    /// The callback itself is malformed.
    case malformed = "invalid_callback"
    /// No flow of this browser and user has that state: expired, used, begun elsewhere, or ended
    /// by signing out.
    case unknownState = "invalid_state"
    /// The same callback came before, and the provider is still being asked.
    case underWay = "connect_under_way"
    /// The user said no.
    case denied = "access_denied"
    /// The provider refused the request for another reason.
    case refused = "provider_refused"
    /// The provider does not know the redirect URI.
    case redirectURIRefused = "redirect_uri_mismatch"
    /// The provider does not accept the client's id, or its proof.
    case clientRefused = "client_refused"
    /// The provider does not grant the requested `scope`.
    case scopeRefused = "scope_refused"
    /// The provider does not let the client do this: it was not reviewed, or not approved by an
    /// administrator, or was suspended.
    case clientNotApproved = "client_not_approved"
    /// The provider refused to exchange the code.
    case exchangeRefused = "token_exchange_failed"
    /// The provider calls its tokens by a type that is not known to mean a bearer token.
    case tokenTypeUnknown = "token_type_unknown"
    case providerUnavailable = "provider_unavailable"
    /// The provider gave a token, but its answers lack what the integration needs beside it.
    case answerIncomplete = "provider_answer_incomplete"
    /// The answer names another issuer than the integration's, or came to another's callback.
    case mixedUp = "issuer_mismatch"
    /// The connection is shared, and another user's, or not the user's to make.
    case notOwner = "shared_connection_not_owner"
    /// The integration is gone, or not for this user any more.
    case integrationGone = "integration_not_found"
    /// The service could not store the connection.
    case internalError = "internal_error"
}

extension ConnectFailure {
    /// The meaning of an error on the way for the user who connects.
    package init(_ error: any Error) {
        self =
            switch error {
            case ConnectionsError.notOwner, ConnectionsError.mayNotShare: .notOwner
            case ConnectionsError.signedOut: .unknownState
            case ConnectionsError.integrationNotFound: .integrationGone
            case ConnectionsError.lookupFailed: .answerIncomplete
            case ConnectionsError.provider(.malformedResponse): .answerIncomplete
            case ConnectionsError.provider(let error): Self(provider: error)
            case ConnectionsError.providerBusy: .providerUnavailable
            case let error as OAuthError: Self(provider: error)
            case is CallRefusal: .providerUnavailable
            default: .internalError
            }
    }

    private init(provider error: OAuthError) {
        self =
            switch error {
            case .issuerMismatch, .issuerMissing: .mixedUp
            case .outage, .timedOut: .providerUnavailable
            case .refusedAuthorization(let code): Self(code: code) ?? .refused
            // The user agreed and a code came: so the client's proof is refused, although RFC 6749
            // §5.2 has another use for this code. Glewlwyd does so.
            case .refused("unauthorized_client", _): .clientRefused
            case .refused(let code, _): Self(code: code) ?? .exchangeRefused
            case .wrongTokenType: .tokenTypeUnknown
            case .malformedResponse: .exchangeRefused
            case .badKey: .clientRefused
            case .badEndpoint: .internalError
            }
    }

    private init?(code: String) {
        switch code {
        case "access_denied": self = .denied
        case ErrorCode.redirectURIMismatch: self = .redirectURIRefused
        case "invalid_client": self = .clientRefused
        case "invalid_scope": self = .scopeRefused
        case "unauthorized_client", "consent_required": self = .clientNotApproved
        case "server_error", "temporarily_unavailable": self = .providerUnavailable
        default: return nil
        }
    }

    /// Servers differ in how they read an id or a secret with special characters.
    private static func otherProofs(_ definition: IntegrationDefinition) -> String {
        let others: [ClientAuthentication] =
            switch definition.clientAuthentication {
            case .basic: [.basicUnencoded, .post]
            case .basicUnencoded: [.basic, .post]
            case .post: [.basic, .basicUnencoded]
            case .none, .privateKeyJWT: []
            }
        guard !others.isEmpty else { return "" }
        return "; if both are right and have other characters than letters, digits and -._~, the"
            + " provider may read them in another way:"
            + " --set clientAuthentication=\(others.map(\.rawValue).joined(separator: " or "))"
    }

    /// Returns advice for the operator, in plain words.
    ///
    /// - Parameter redirectURI: The redirect URI of the integration's flows.
    func advice(_ definition: IntegrationDefinition, redirectURI: String) -> String {
        switch self {
        case .denied: "nothing: the user, or an administrator of theirs, said no"
        case .redirectURIRefused:
            "register exactly \(redirectURI) as redirect URI at the provider"
        case .clientRefused:
            "compare clientId with the provider's, and give the client secret again:"
                + " grantkeeper integration update \(definition.slug) --secret-file FILE"
                + Self.otherProofs(definition)
        case .scopeRefused:
            "the provider does not give '\(definition.scope ?? "")': correct 'scope', or allow it"
                + " for the client at the provider"
        case .clientNotApproved:
            "the provider does not let this client in: see whether it waits for review, has to be"
                + " approved by an administrator, or was suspended, at the provider"
        case .refused, .exchangeRefused:
            "compare clientId, client secret, scope and the redirect URI \(redirectURI) with what"
                + " is registered at the provider"
        case .tokenTypeUnknown:
            "'error' names the type of the provider's tokens: if it means a bearer token by it, add"
                + " it to 'tokenResponse.tokenTypes': grantkeeper integration update"
                + " \(definition.slug) --set 'tokenResponse={tokenTypes: [TYPE]}'"
        case .answerIncomplete:
            "the provider's answers lack what 'connectionData' wants; correct 'connectionData' or"
                + " 'lookup', or give the account what is missing"
        case .providerUnavailable: "nothing, unless it stays so"
        case .mixedUp:
            "an attack, or a wrong 'issuer': compare it with the provider's metadata; where 'error'"
                + " says that none is named, the provider breaks its promise, and"
                + " --set issuerRequired=false takes its answers without"
        case .malformed: "the callback was changed on the way, or the client secret is wrong"
        case .unknownState, .underWay, .notOwner, .integrationGone: "nothing"
        case .internalError: "see 'error'"
        }
    }
}
