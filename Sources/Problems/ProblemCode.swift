/// A stable name of an error, by which programs tell errors apart: `connection_required`.
///
/// The constants are all that the service answers with; `openapi.json` lists them.
package struct ProblemCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    private init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    // Requests
    package static let crossSite = ProblemCode("cross_site")
    package static let invalidHeader = ProblemCode("invalid_header")
    package static let forbiddenHeader = ProblemCode("forbidden_header")
    package static let invalidForm = ProblemCode("invalid_form")
    package static let invalidJSON = ProblemCode("invalid_json")
    package static let formRequired = ProblemCode("form_required")
    package static let jsonRequired = ProblemCode("json_required")
    package static let invalidQuery = ProblemCode("invalid_query")
    package static let invalidRange = ProblemCode("invalid_range")
    package static let invalidRequest = ProblemCode("invalid_request")
    package static let forbiddenURL = ProblemCode("forbidden_url")
    package static let malformedRequest = ProblemCode("malformed_request")
    package static let methodNotAllowed = ProblemCode("method_not_allowed")
    package static let notFound = ProblemCode("not_found")
    package static let bodyIncomplete = ProblemCode("body_incomplete")
    package static let bodyTimeout = ProblemCode("body_timeout")
    package static let bodyTooLarge = ProblemCode("body_too_large")
    package static let prefetchRefused = ProblemCode("prefetch_refused")
    package static let loopDetected = ProblemCode("loop_detected")

    // Callers and their sessions
    package static let unauthenticated = ProblemCode("unauthenticated")
    package static let superuserRequired = ProblemCode("superuser_required")
    package static let superuserKeyRequired = ProblemCode("superuser_key_required")
    package static let invalidUser = ProblemCode("invalid_user")
    package static let invalidSession = ProblemCode("invalid_session")
    package static let invalidLifetime = ProblemCode("invalid_lifetime")
    package static let invalidTicket = ProblemCode("invalid_ticket")
    package static let invalidReturnTo = ProblemCode("invalid_return_to")
    package static let browserRequired = ProblemCode("browser_required")

    // Integrations
    package static let integrationNotFound = ProblemCode("integration_not_found")
    package static let invalidIntegration = ProblemCode("invalid_integration")
    package static let integrationChanged = ProblemCode("integration_changed")
    package static let integrationComplete = ProblemCode("integration_complete")
    package static let integrationInUse = ProblemCode("integration_in_use")
    package static let integrationMisconfigured = ProblemCode("integration_misconfigured")
    package static let issuerMismatch = ProblemCode("issuer_mismatch")
    package static let metadataUnavailable = ProblemCode("metadata_unavailable")
    package static let slugTaken = ProblemCode("slug_taken")
    package static let clientSecretRequired = ProblemCode("client_secret_required")
    package static let originChangeUnconfirmed = ProblemCode("origin_change_unconfirmed")

    // Connections
    package static let connectionNotFound = ProblemCode("connection_not_found")
    package static let connectionRequired = ProblemCode("connection_required")
    package static let connectionDataMissing = ProblemCode("connection_data_missing")
    package static let reauthorizationRequired = ProblemCode("reauthorization_required")
    package static let sharedConnectionNotOwner = ProblemCode("shared_connection_not_owner")
    package static let invalidConnectionData = ProblemCode("invalid_connection_data")
    package static let invalidCredential = ProblemCode("invalid_credential")
    package static let credentialRefused = ProblemCode("credential_refused")
    package static let credentialUntested = ProblemCode("credential_untested")
    package static let invalidGrant = ProblemCode("invalid_grant")
    package static let refreshTokenInUse = ProblemCode("refresh_token_in_use")
    package static let refreshTokenUsed = ProblemCode("refresh_token_used")

    // Providers
    package static let providerAnswerIncomplete = ProblemCode("provider_answer_incomplete")
    package static let providerAnswerInvalid = ProblemCode("provider_answer_invalid")
    package static let providerBusy = ProblemCode("provider_busy")
    package static let providerRefused = ProblemCode("provider_refused")
    package static let providerTimeout = ProblemCode("provider_timeout")
    package static let providerUnavailable = ProblemCode("provider_unavailable")
    package static let clientRefused = ProblemCode("client_refused")

    // Calls to APIs
    package static let addressNotAllowed = ProblemCode("address_not_allowed")
    package static let connectionsBusy = ProblemCode("connections_busy")
    package static let integrationSaturated = ProblemCode("integration_saturated")
    package static let rateLimited = ProblemCode("rate_limited")
    package static let redirectRefused = ProblemCode("redirect_refused")
    package static let tooManyConcurrentCalls = ProblemCode("too_many_concurrent_calls")
    package static let tooManyConnects = ProblemCode("too_many_connects")
    package static let tooManyRedirects = ProblemCode("too_many_redirects")
    package static let upstreamBroken = ProblemCode("upstream_broken")
    package static let upstreamCertificateRefused = ProblemCode("upstream_certificate_refused")
    package static let upstreamFailed = ProblemCode("upstream_failed")
    package static let upstreamHeaderTooLarge = ProblemCode("upstream_header_too_large")
    package static let upstreamMalformed = ProblemCode("upstream_malformed")
    package static let upstreamNotFound = ProblemCode("upstream_not_found")
    package static let upstreamTimeout = ProblemCode("upstream_timeout")
    package static let upstreamTLSFailed = ProblemCode("upstream_tls_failed")
    package static let upstreamTooLarge = ProblemCode("upstream_too_large")
    package static let upstreamUnavailable = ProblemCode("upstream_unavailable")
    package static let upstreamUnreachable = ProblemCode("upstream_unreachable")
    package static let userSaturated = ProblemCode("user_saturated")

    // The service itself
    package static let internalError = ProblemCode("internal_error")
    package static let secretUnreadable = ProblemCode("secret_unreadable")
    package static let storageUnavailable = ProblemCode("storage_unavailable")

    // Commands only: no answer has these
    package static let databaseInUse = ProblemCode("database_in_use")
    package static let invalidProvider = ProblemCode("invalid_provider")
    package static let keyInUse = ProblemCode("key_in_use")
    package static let keyNotAdopted = ProblemCode("key_not_adopted")
    package static let keyRingIsCredential = ProblemCode("key_ring_is_credential")
    package static let noSuchKey = ProblemCode("no_such_key")
}
