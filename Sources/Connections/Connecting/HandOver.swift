import Encoding
import HTTPClient
import HTTPTypes
import Integrations
import Limits
import OAuth
import Primitives

/// Makes a connection from a credential that is handed over instead of a redirect flow.
package final class HandOver: Sendable {
    private let integrations: IntegrationStore
    private let permission: ConnectPermission
    private let authorizer: Authorizer
    private let transport: any HTTPTransport
    private let redirectURI: RedirectURI
    private let limiter: CallLimiter
    private let clock: Clock

    init(
        integrations: IntegrationStore, permission: ConnectPermission, authorizer: Authorizer,
        transport: any HTTPTransport, redirectURI: RedirectURI, limiter: CallLimiter,
        clock: Clock
    ) {
        self.limiter = limiter
        self.integrations = integrations
        self.permission = permission
        self.authorizer = authorizer
        self.transport = transport
        self.redirectURI = redirectURI
        self.clock = clock
    }

    /// - Parameter json: The members of exactly one ``HandedOver`` form, and possibly `data`.
    /// - Throws: ``ConnectionsError``; nothing is stored then.
    package func callAsFunction(
        _ json: JSONValue, to reference: String, by caller: Caller
    ) throws -> (connection: Connection, integration: Integration) {
        let integration = try integrations.find(reference, for: caller)
        try permission.check(integration, caller)
        let (credential, given) = try HandedOver.splitting(json)
        let handedOver = try HandedOver(credential)
        try handedOver.check(fits: integration.definition)
        let data = try ConnectionData(
            given, for: integration.definition, insteadOf: handedOver.replacedSources)
        try data.checkComplete(
            without: handedOver.unaskedSources, for: integration.definition)
        do {
            return try limiter.whileConnecting(integration, by: caller) {
                (try connect(handedOver, integration, caller, data), integration)
            }
        } catch let error as OAuthError {
            throw failure(error, of: handedOver)
        } catch ConnectionsError.provider(let error) {
            throw ConnectionsError(provider: error, now: clock.now)
        }
    }

    /// A code or a refresh token that the provider does not honour is the caller's mistake; an
    /// unknown client is not.
    private func failure(
        _ error: OAuthError, of handedOver: HandedOver
    ) -> any DomainError {
        guard error.isGrantDead else { return ConnectionsError(provider: error, now: clock.now) }
        switch handedOver {
        case .code:
            return InputError.invalid(
                code: .invalidGrant,
                detail:
                    "The provider does not honour the code: it was used before, has expired, or "
                    + "was not issued for this client, 'redirectUri' and 'codeVerifier'.")
        case .refreshToken:
            return InputError.invalid(
                code: .invalidGrant,
                detail: "The provider does not honour the refresh token: it was revoked, used "
                    + "before, has expired, or was not issued for this client.")
        default: return ConnectionsError(provider: error, now: clock.now)
        }
    }

    private func connect(
        _ handedOver: HandedOver, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData
    ) throws -> Connection {
        switch handedOver {
        case .code(let code, let uri, let verifier):
            return try authorizer.exchange(
                code: code, redirectURI: uri ?? redirectURI.of(integration.definition),
                codeVerifier: verifier, integration, caller, data: data)
        case .refreshToken(let token):
            return try authorizer.adopt(
                refreshToken: token, integration, caller, data: data)
        case .nothing:
            return try authorizer.ownToken(integration, caller, data: data)
        case .accessToken(let token, let refreshToken, let expiresIn):
            let issued = IssuedCredential(
                OAuthTokens(accessToken: token, refreshToken: refreshToken),
                for: integration.definition, expiresAt: expiresIn.map { clock.now + $0 })
            return try store(issued, integration, caller, data)
        case .credential(let credential):
            return try store(IssuedCredential(credential), integration, caller, data)
        }
    }

    private func store(
        _ issued: IssuedCredential, _ integration: Integration, _ caller: Caller,
        _ data: ConnectionData
    ) throws -> Connection {
        try authorizer.store(handedOver: issued, integration, caller, data) { known in
            try test(issued.credential, integration.definition, known)
        }
    }

    /// Tries a credential where the integration names a call for it.
    private func test(
        _ credential: Credential, _ definition: IntegrationDefinition, _ data: ConnectionData
    ) throws {
        guard let path = definition.credentialTestPath else { return }
        let address = try APIAddress(definition, data)
        var target = try ProxyTarget(relative: path, base: address.base)
        var headers = address.headers
        definition.authenticate(&target, &headers, with: credential)
        let answer: any HTTPExchange
        do {
            var request = OutgoingRequest(
                method: .get, to: target.url, headers: headers, connection: .fresh,
                limits: .providerAnswer)
            request.declineCodings()
            answer = try transport.send(request)
        } catch let error as HTTPClientError {
            throw ConnectionsError.upstream(error, attempts: 1)
        }
        let status = answer.head.status
        guard status.kind == .successful else {
            guard status.kind == .serverError || status == .tooManyRequests else {
                throw ConnectionsError.credentialRefused(status: status.code)
            }
            let trouble = OAuthError.outage(
                .status(status.code, pacing: answer.head.headerFields.pacing))
            throw trouble.askedPause(now: clock.now).map {
                ConnectionsError.providerBusy(retryAfter: $0)
            } ?? ConnectionsError.credentialUntested(status: status.code)
        }
    }
}
