import OAuth

/// The grant by which an integration gets its tokens (RFC 6749 §1.3, RFC 7523 §2.1).
///
/// A new case needs an answer to each question below, and the compiler names every place that asks.
package enum GrantType: String, Sendable, CaseIterable {
    /// The user authorizes at the provider's page (RFC 6749 §4.1).
    case authorizationCode = "authorization_code"
    /// The client authenticates, and no one else (RFC 6749 §4.4).
    case clientCredentials = "client_credentials"
    /// The client sends an assertion that it signs (RFC 7523 §2.1).
    case jwtBearer = "jwt_bearer"

    /// The party whose consent a token needs.
    package enum Consent: Sendable {
        /// The user's, given once at the provider's page.
        case user
        /// None: the provider gives tokens to the client alone, as often as it asks.
        case none
    }

    package var consent: Consent {
        switch self {
        case .authorizationCode: .user
        case .clientCredentials, .jwtBearer: .none
        }
    }

    /// The client authentication where the integration names none; `nil` for the usual one.
    var usualClientAuthentication: ClientAuthentication? {
        switch self {
        case .authorizationCode, .clientCredentials: nil
        // The assertion says who the client is.
        case .jwtBearer: ClientAuthentication.none
        }
    }

    /// Whether the client signs what it sends for a token.
    var isSigned: Bool {
        switch self {
        case .authorizationCode, .clientCredentials: false
        case .jwtBearer: true
        }
    }
}

extension IntegrationDefinition {
    /// The consent that a connection needs at the provider; `nil` where no provider is asked, since
    /// the API takes a credential that the user hands over.
    package var consent: GrantType.Consent? {
        switch authType {
        case .oauth2: grant.consent
        case .apiKey, .basic, .bearer: nil
        }
    }
}
