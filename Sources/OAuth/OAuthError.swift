import HTTPTypes
import Headers
import Problems

/// An error between us and a provider.
///
/// No case carries a token, a code, a secret or a provider's free text (SECURITY 26): the
/// texts in it are ours, or one of ``ErrorCode``'s. ``publicCode`` is what a user may see; the
/// description is for the log.
package enum OAuthError: Error, Equatable {
    /// The provider understood and said no. The code is one of ``ErrorCode``'s.
    case refused(code: String, status: Int)
    /// The provider refused the authorization request, and sent the browser back to say so
    /// (RFC 6749 §4.1.2.1). The code is one of ``ErrorCode``'s.
    case refusedAuthorization(code: String)
    /// The provider has an outage, or gave an answer that says nothing usable. Nothing is known
    /// about the grant.
    case outage(Outage)
    /// An answer in the protocol's form that breaks its rules.
    case malformedResponse(String)
    /// The token is of a kind that we can't use; the name is given where it can only be a name.
    case wrongTokenType(String)
    /// RFC 9207 §2.4, RFC 8414 §3.3: another issuer answers.
    case issuerMismatch
    case issuerMissing
    /// No answer in time. The request may have had its effect.
    case timedOut
    /// A configured URL can't be used.
    case badEndpoint(String)
    /// A configured private key can't be used. The text says why and what to do, and shows nothing
    /// of the key.
    case badKey(String)

    package enum Outage: Equatable, Sendable {
        /// No answer: the connection was not made, or broke. The text is for the log.
        case network(String)
        /// An answer with this status that says nothing by the protocol, and its fields that say when
        /// to ask again.
        case status(Int, pacing: HeaderFields = [:])
        /// An answer that is neither JSON nor a form, or cut short.
        case unreadable(status: Int)
        /// More than ``ProviderAnswer/limit`` bytes (SECURITY 36).
        case tooLarge
        /// In a content coding that can't be undone. The name is one that is known.
        case coded(String)
        /// One of the protocol's codes for trouble: `temporarily_unavailable`.
        case code(String, pacing: HeaderFields = [:])
    }

    /// Whether the grant is gone finally: a new authorization is needed, and asking again is
    /// useless. True for `invalid_grant` only (RFC 6749 §5.2), documented synonyms included.
    package var isGrantDead: Bool {
        if case .refused("invalid_grant", _) = self { true } else { false }
    }

    /// Whether the provider needs the user: to sign in, to agree, to choose (OpenID Connect Core
    /// 1.0 §3.1.2.6, RFC 9470 §3). Asking again without the user is useless.
    package var needsUser: Bool {
        if case .refused(let code, _) = self { ErrorCode.callsForUser(code) } else { false }
    }

    /// Whether the provider refused the request, with an error code or without; false for an
    /// outage, and when the code says that it does not know the client.
    package var refusesGrant: Bool {
        switch self {
        case .refused(let code, _): !["invalid_client", "unauthorized_client"].contains(code)
        case .outage(.status(let status, _)):
            // RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4: to be asked again.
            (400...499).contains(status) && ![408, 425, 429].contains(status)
        default: false
        }
    }

    /// The fields of an outage's answer that say when to ask again.
    package var pacing: HeaderFields {
        switch self {
        case .outage(.status(_, let fields)), .outage(.code(_, let fields)): fields
        default: [:]
        }
    }

    /// The code of the answer that reports it.
    package var publicCode: ProblemCode {
        switch self {
        case .refused, .refusedAuthorization: .providerRefused
        case .outage: .providerUnavailable
        case .malformedResponse, .wrongTokenType: .providerAnswerInvalid
        case .issuerMismatch, .issuerMissing: .issuerMismatch
        case .timedOut: .providerTimeout
        case .badEndpoint, .badKey: .integrationMisconfigured
        }
    }
}

extension OAuthError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let code, let status): "the provider refused: \(code) (status \(status))"
        case .refusedAuthorization(let code): "the provider refused the authorization: \(code)"
        case .outage(.network(let text)): "the provider can't be reached: \(text)"
        case .outage(.status(let status, _)): "the provider answered with status \(status)"
        case .outage(.unreadable(let status)):
            "the provider's answer can't be read (status \(status))"
        case .outage(.tooLarge): "the provider's answer is too large"
        case .outage(.coded(let coding)):
            "the provider's answer has a content coding that can't be undone: \(coding)"
        case .outage(.code(let code, _)): "the provider reports an outage: \(code)"
        case .malformedResponse(let text): "the provider's answer is malformed: \(text)"
        case .wrongTokenType(let name):
            "the provider issued a token of another type: \(name); if it means a bearer token by it,"
                + " the type belongs into 'tokenResponse.tokenTypes'"
        case .issuerMismatch: "the answer names another issuer"
        case .issuerMissing: "the answer names no issuer, though the provider promises one"
        case .timedOut: "the provider did not answer in time"
        case .badEndpoint(let text): "the endpoint's URL can't be used: \(text)"
        case .badKey(let text): "the private key can't be used: \(text)"
        }
    }
}
