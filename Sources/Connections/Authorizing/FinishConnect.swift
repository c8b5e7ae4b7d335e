import Encoding
import HTTPClient
import Logging
import OAuth
import Storage

/// How a redirect flow ended, and where its browser goes.
package struct ConnectOutcome: Sendable {
    package enum Result: Sendable {
        case connected(Connection)
        case failed(ConnectFailure)
    }

    package let result: Result
    /// Unknown when the callback belongs to no flow.
    package let integration: Integration?
    package let returnTo: String?
    package let isPopup: Bool
}

/// Why a redirect flow yielded no connection: the fixed codes that pages and front ends get.
package enum ConnectFailure: String, Sendable, CaseIterable {
    /// The callback itself is malformed.
    case malformed = "invalid_callback"
    /// No flow of this browser and user has that state: expired, used, or begun elsewhere.
    case unknownState = "invalid_state"
    /// The user said no.
    case denied = "access_denied"
    /// The provider refused the request for another reason.
    case refused = "provider_refused"
    /// The provider refused to exchange the code.
    case exchangeRefused = "token_exchange_failed"
    case providerUnavailable = "provider_unavailable"
    /// The answer names another issuer than the integration's, or came to another's callback.
    case mixedUp = "issuer_mismatch"
    case notOwner = "shared_connection_not_owner"
    /// The integration is gone, or not for this user any more.
    case integrationGone = "integration_not_found"
    /// The service could not store the connection.
    case internalError = "internal_error"
}

/// Ends the redirect flow: the provider's answer becomes a connection.
package final class FinishConnect: Sendable {
    private let database: Database
    private let integrations: IntegrationStore
    private let authorizer: Authorizer
    private let vault: Vault
    private let redirectURI: RedirectURI
    private let limiter: CallLimiter
    private let clock: Clock
    private let logger: Logger

    init(
        database: Database, integrations: IntegrationStore, authorizer: Authorizer, vault: Vault,
        redirectURI: RedirectURI, limiter: CallLimiter, clock: Clock, logger: Logger
    ) {
        self.limiter = limiter
        self.database = database
        self.integrations = integrations
        self.authorizer = authorizer
        self.vault = vault
        self.redirectURI = redirectURI
        self.clock = clock
        self.logger = logger
    }

    /// - Parameters:
    ///   - fields: The callback's query; `nil` when it cannot be read.
    ///   - slug: Of the integration whose own callback path was called.
    ///   - browserID: What the browser is known by, if it is.
    ///   - signedIn: Who is signed in now, if anybody is.
    package func callAsFunction(
        _ fields: Form?, slug: String?, browserID: String?, signedIn: Caller?
    ) -> ConnectOutcome {
        guard let fields, let response = try? AuthorizationResponse(fields: fields) else {
            return failure(.malformed)
        }
        do {
            guard let pending = try take(response.state, browserID, signedIn) else {
                return failure(.unknownState)
            }
            return finish(response, pending, slug: slug)
        } catch {
            logger.error("callback failed", metadata: ["error": "\(error)"])
            return failure(.internalError)
        }
    }

    private func take(
        _ state: String?, _ browserID: String?, _ signedIn: Caller?
    ) throws -> PendingAuthorization? {
        guard let state, let browserID else { return nil }
        return try database.write {
            try PendingAuthorization.take(
                state: state, browserID: browserID, userID: signedIn?.userID, now: clock.now,
                vault: vault, $0)
        }
    }

    private func finish(
        _ response: AuthorizationResponse, _ pending: PendingAuthorization, slug: String?
    ) -> ConnectOutcome {
        let integration: Integration?
        do {
            integration = try integrations.find(pending.integrationID, for: pending.user)
        } catch ConnectionsError.integrationNotFound {
            integration = nil
        } catch {
            logger.error("callback failed", metadata: ["error": "\(error)"])
            return ConnectOutcome(
                result: .failed(.internalError), integration: nil, returnTo: pending.returnTo,
                isPopup: pending.isPopup)
        }
        func outcome(_ result: ConnectOutcome.Result) -> ConnectOutcome {
            ConnectOutcome(
                result: result, integration: integration, returnTo: pending.returnTo,
                isPopup: pending.isPopup)
        }
        guard let integration else { return outcome(.failed(.integrationGone)) }
        do {
            return outcome(.connected(try connect(response, pending, integration, slug: slug)))
        } catch let failure as ConnectFailure {
            return outcome(.failed(failure))
        } catch {
            logger.warning(
                "connecting failed",
                metadata: ["integration": "\(integration.slug)", "error": "\(error)"])
            return outcome(.failed(ConnectFailure(error)))
        }
    }

    private func connect(
        _ response: AuthorizationResponse, _ pending: PendingAuthorization,
        _ integration: Integration, slug: String?
    ) throws -> Connection {
        try checkCallbackPath(slug, pending, integration)
        try response.checkIssuer(
            expected: integration.definition.issuer,
            required: integration.definition.issuerRequired)
        switch response.outcome {
        case .error(let code, _):
            logger.info(
                "authorization refused",
                metadata: ["integration": "\(integration.slug)", "error": "\(code)"])
            throw code == "access_denied" ? ConnectFailure.denied : .refused
        case .code(let code):
            return try limiter.whileConnecting(integration) {
                try authorizer.exchange(
                    code: code, redirectURI: pending.redirectURI,
                    codeVerifier: pending.codeVerifier, integration, pending.user,
                    data: pending.data)
            }
        }
    }

    /// RFC 9700 §4.4.2: an answer that comes to another callback than the one that was named is
    /// another provider's.
    private func checkCallbackPath(
        _ slug: String?, _ pending: PendingAuthorization, _ integration: Integration
    ) throws {
        let called = slug.map { "\(redirectURI.common)/\($0)" } ?? redirectURI.common
        guard called == pending.redirectURI else { throw ConnectFailure.mixedUp }
    }

    private func failure(_ failure: ConnectFailure) -> ConnectOutcome {
        ConnectOutcome(
            result: .failed(failure), integration: nil, returnTo: nil, isPopup: false)
    }
}

extension ConnectFailure: Error {
    fileprivate init(_ error: any Error) {
        self =
            switch error {
            case ConnectionsError.notOwner: .notOwner
            case ConnectionsError.integrationNotFound: .integrationGone
            case ConnectionsError.provider(let error): Self(provider: error)
            case let error as OAuthError: Self(provider: error)
            case is CallRefusal: .providerUnavailable
            default: .internalError
            }
    }

    private init(provider error: OAuthError) {
        self =
            switch error {
            case .issuerMismatch, .issuerMissing: .mixedUp
            case .outage, .timedOut, .badEndpoint, .badKey: .providerUnavailable
            case .refused, .malformedResponse, .wrongTokenType: .exchangeRefused
            }
    }
}
