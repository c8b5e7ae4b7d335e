import Encoding
import Integrations
import Limits
import Logging
import OAuth
import Primitives

/// The end of a redirect flow, and the place to which its browser goes.
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

/// Ends the redirect flow: the provider's answer becomes a connection.
package final class FinishConnect: Sendable {
    private let flows: ReturningFlow
    private let connections: ConnectionStore
    private let integrations: IntegrationStore
    private let authorizer: Authorizer
    private let redirectURI: RedirectURI
    private let limiter: CallLimiter
    private let logger: Logger

    init(
        flows: ReturningFlow, connections: ConnectionStore, integrations: IntegrationStore,
        authorizer: Authorizer, redirectURI: RedirectURI, limiter: CallLimiter, logger: Logger
    ) {
        self.limiter = limiter
        self.flows = flows
        self.connections = connections
        self.integrations = integrations
        self.authorizer = authorizer
        self.redirectURI = redirectURI
        self.logger = logger
    }

    /// - Parameters:
    ///   - fields: The callback's query; `nil` when it cannot be read.
    ///   - slug: The integration whose own callback path was called.
    ///   - browserID: The id that the browser is known by, if any.
    ///   - signedIn: The caller that is signed in now, if any.
    package func callAsFunction(
        _ fields: Form?, slug: String?, browserID: String?, signedIn: Caller?
    ) -> ConnectOutcome {
        guard let fields, let response = try? AuthorizationResponse(fields: fields) else {
            return failure(.malformed)
        }
        do {
            switch try flows.claim(response, browserID: browserID, signedIn: signedIn) {
            case .unknown:
                return try refusal(response, browserID, signedIn, slug: slug)
                    ?? failure(.unknownState)
            case .again(let used, let end): return try outcome(of: used, end)
            case .first(let pending):
                let outcome = finish(response, fields, pending, slug: slug)
                flows.settle(response.state, outcome.result)
                return outcome
            }
        } catch {
            logger.error("callback failed", metadata: ["error": "\(error)"])
            return failure(.internalError)
        }
    }

    /// Returns the same end once more, but never a connection that ended meanwhile.
    private func outcome(of used: UsedState, _ end: UsedState.End) throws -> ConnectOutcome {
        let result: ConnectOutcome.Result =
            switch end {
            case .failed(let failure): .failed(failure)
            case .connected(let id):
                try connections.find(id: id).map { .connected($0) } ?? .failed(.unknownState)
            }
        return ConnectOutcome(
            result: result,
            integration: try? integrations.find(used.integrationID, for: used.user),
            returnTo: used.returnTo, isPopup: used.isPopup)
    }

    /// Handles a user's refusal without a state. Nothing is taken from it, and no flow ends by it:
    /// the user reads its own words, and where the browser has one flow under way, in that flow's
    /// place.
    private func refusal(
        _ response: AuthorizationResponse, _ browserID: String?, _ signedIn: Caller?,
        slug: String?
    ) throws -> ConnectOutcome? {
        guard response.state == nil, response.isDenial else { return nil }
        guard let pending = try flows.only(ofBrowser: browserID, signedIn: signedIn),
            let integration = try? integrations.find(pending.integrationID, for: pending.user),
            (try? checkCallbackPath(slug, pending, integration)) != nil,
            (try? response.checkIssuer(
                expected: integration.definition.issuer, required: false)) != nil
        else { return failure(.denied) }
        note(.denied, OAuthError.refusedAuthorization(code: "access_denied"), integration)
        return ConnectOutcome(
            result: .failed(.denied), integration: integration, returnTo: pending.returnTo,
            isPopup: pending.isPopup)
    }

    private func finish(
        _ response: AuthorizationResponse, _ fields: Form, _ pending: PendingAuthorization,
        slug: String?
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
            let connection = try connect(response, fields, pending, integration, slug: slug)
            note(connection, integration)
            return outcome(.connected(connection))
        } catch {
            let failure = Self.failure(error, response)
            note(failure, error, integration)
            return outcome(.failed(failure))
        }
    }

    /// Handles a refusal without the promised issuer. It is not believed either, but a user who
    /// said no does not read of an attack.
    private static func failure(
        _ error: any Error, _ response: AuthorizationResponse
    ) -> ConnectFailure {
        if case OAuthError.issuerMissing = error, response.isDenial { return .denied }
        return (error as? ConnectFailure) ?? ConnectFailure(error)
    }

    private func connect(
        _ response: AuthorizationResponse, _ fields: Form, _ pending: PendingAuthorization,
        _ integration: Integration, slug: String?
    ) throws -> Connection {
        let definition = integration.definition
        try checkCallbackPath(slug, pending, integration)
        try response.checkIssuer(
            expected: definition.issuer, required: definition.issuerRequired)
        switch response.outcome {
        case .error(let code, _):
            throw OAuthError.refusedAuthorization(code: code)
        case .code(let code):
            try checkSignature(fields, integration)
            let data = try pending.data.adding(.callback, for: definition) { datum in
                let values = fields.all(datum.path.text)
                return values.count == 1 && !values[0].isEmpty ? values[0] : nil
            }
            return try limiter.whileConnecting(integration, by: pending.user) {
                try authorizer.exchange(
                    code: code, redirectURI: pending.redirectURI,
                    codeVerifier: pending.codeVerifier, integration, pending.user, data: data,
                    scope: response.scope)
            }
        }
    }

    /// Checks the provider's signature: what was signed is believed only as it was signed.
    private func checkSignature(_ fields: Form, _ integration: Integration) throws {
        guard let signature = integration.definition.callbackSignature else { return }
        // Anyone can sign with an empty secret.
        guard let secret = try integrations.secrets(of: integration).clientSecret, !secret.isEmpty,
            signature.isValid(over: fields, secret: secret)
        else {
            throw ConnectFailure.malformed
        }
    }

    /// RFC 9700 §4.4.2: an answer that comes to another callback than the one that was named
    /// belongs to another provider.
    private func checkCallbackPath(
        _ slug: String?, _ pending: PendingAuthorization, _ integration: Integration
    ) throws {
        let called = slug.map { "\(redirectURI.common)/\($0)" } ?? redirectURI.common
        guard called == pending.redirectURI else { throw ConnectFailure.mixedUp }
    }

    private func note(_ connection: Connection, _ integration: Integration) {
        if connection.lacksRefreshToken {
            logger.notice(
                "connected without the refresh token that was asked for",
                metadata: [
                    "integration": "\(integration.slug)", "connection": "\(connection.id)",
                    "advice": "\(Self.offlineAdvice(integration.definition))",
                ])
        }
        let missing = connection.missingScope(integration)
        guard !missing.isEmpty else { return }
        logger.notice(
            "connected with less than was asked for",
            metadata: [
                "integration": "\(integration.slug)", "connection": "\(connection.id)",
                "missing": "\(missing.joined(separator: " "))",
            ])
    }

    /// OpenID Connect Core §11: without the user's consent, asked for each time, none has to come.
    private static func offlineAdvice(_ definition: IntegrationDefinition) -> String {
        definition.authorizationParameters.contains { $0.name == "prompt" }
            ? "see whether the client may have refresh tokens at the provider"
            : "see whether the client may have refresh tokens at the provider, and have consent asked"
                + " for: grantkeeper integration update \(definition.slug)"
                + " --set 'authorizationParameters={prompt: consent}', beside those that are there"
    }

    /// Logs the failure, with advice for the operator.
    private func note(_ failure: ConnectFailure, _ error: any Error, _ integration: Integration) {
        let redirectURI = redirectURI.of(integration.definition)
        logger.log(
            level: failure == .denied ? .info : .warning, "connecting failed",
            metadata: [
                "integration": "\(integration.slug)", "error": "\(error)",
                "code": "\(failure.rawValue)",
                "advice": "\(failure.advice(integration.definition, redirectURI: redirectURI))",
            ])
    }

    private func failure(_ failure: ConnectFailure) -> ConnectOutcome {
        ConnectOutcome(
            result: .failed(failure), integration: nil, returnTo: nil, isPopup: false)
    }
}
