import Connections
import Encoding
import HTTPClient
import HTTPTypes
import Limits
import OAuth
import Primitives
import Problems
import Storage
import Testing
import Vault
import Web

/// Which status an error becomes: the article Security, "The status of each refusal".
struct ProblemTests {
    struct Surprise: Error {}

    static let mapping: [(any Error & Sendable, Int, String)] =
        [
            (ConnectionsError.integrationNotFound, 404, "integration_not_found"),
            (ConnectionsError.connectionNotFound, 404, "connection_not_found"),
            (ConnectionsError.connectionRequired(slug: "s"), 409, "connection_required"),
            (
                ConnectionsError.reauthorizationRequired(slug: "s", reason: .expired), 409,
                "reauthorization_required"
            ),
            (ConnectionsError.notOwner, 403, "shared_connection_not_owner"),
            (ConnectionsError.mayNotShare(isConnected: false), 403, "shared_connection_not_owner"),
            (InputError.invalid(code: ProblemCode(rawValue: "c"), detail: "d"), 400, "c"),
            (InputError.conflict(code: ProblemCode(rawValue: "c"), detail: "d"), 409, "c"),
            (ConnectionsError.providerCoolingDown(retryAfter: 7), 502, "provider_unavailable"),
            (ConnectionsError.providerBusy(retryAfter: 7), 503, "provider_busy"),
            (ConnectionsError.lookupFailed("why"), 502, "provider_answer_incomplete"),
            (VaultError.sealBroken("canary"), 500, "secret_unreadable"),
            (RequestBodyError.incomplete, 400, "body_incomplete"),
            (RequestBodyError.tooLarge(limit: 5), 413, "body_too_large"),
            (Problem(.conflict, .slugTaken, "d"), 409, "slug_taken"),
            (Surprise(), 500, "internal_error"),
        ] + provider + upstream + storage

    static let provider: [(any Error & Sendable, Int, String)] = [
        (OAuthError.refused(code: "invalid_grant", status: 400), 502, "provider_refused"),
        (OAuthError.outage(.status(503)), 502, "provider_unavailable"),
        (OAuthError.outage(.network("canary")), 502, "provider_unavailable"),
        (OAuthError.outage(.unreadable(status: 200)), 502, "provider_unavailable"),
        (OAuthError.outage(.tooLarge), 502, "provider_unavailable"),
        (OAuthError.outage(.coded("br")), 502, "provider_unavailable"),
        (OAuthError.malformedResponse("canary"), 502, "provider_answer_invalid"),
        (OAuthError.wrongTokenType("canary"), 502, "provider_answer_invalid"),
        (OAuthError.issuerMismatch, 502, "issuer_mismatch"),
        (OAuthError.issuerMissing, 502, "issuer_mismatch"),
        (OAuthError.badEndpoint("canary"), 502, "integration_misconfigured"),
        (OAuthError.timedOut, 504, "provider_timeout"),
        (ConnectionsError.provider(.timedOut), 504, "provider_timeout"),
    ]

    static let upstream: [(any Error & Sendable, Int, String)] = [
        (.badURL("canary"), 400, "forbidden_url"),
        (.addressRefused("canary"), 502, "address_not_allowed"),
        (.nameNotResolved("canary"), 502, "upstream_not_found"),
        (.connectionFailed("canary"), 502, "upstream_unreachable"),
        (.tlsFailed("canary"), 502, "upstream_tls_failed"),
        (.timedOut(.connecting), 504, "upstream_timeout"),
        (.timedOut(.sent), 504, "upstream_timeout"),
        (.timedOut(.body), 504, "upstream_timeout"),
        (.broken(.sent, "canary"), 502, "upstream_broken"),
        (.keptConnectionDied, 502, "upstream_broken"),
        (.certificateRefused("canary"), 502, "upstream_certificate_refused"),
        (.badRequest("canary"), 400, "invalid_request"),
        (.malformedResponse("canary"), 502, "upstream_malformed"),
        (.headerTooLarge, 502, "upstream_header_too_large"),
        (.responseTooLarge, 502, "upstream_too_large"),
        (.other("canary"), 502, "upstream_failed"),
    ].map { (error: HTTPClientError, status, code) in
        (ConnectionsError.upstream(error, attempts: 1), status, code)
    }

    static let storage: [(any Error & Sendable, Int, String)] = [
        (.busy, 503, "storage_unavailable"), (.full, 503, "storage_unavailable"),
        (.readOnly, 503, "storage_unavailable"), (.io, 503, "storage_unavailable"),
        (.corrupt, 500, "internal_error"), (.constraint, 500, "internal_error"),
        (.schemaTooNew, 500, "internal_error"), (.other, 500, "internal_error"),
    ].map { (kind: StorageError.Kind, status, code) in
        (StorageError(kind: kind, message: "canary"), status, code)
    }

    @Test func `every error has its status and its code, and keeps its details to itself`() throws {
        for (error, status, code) in Self.mapping {
            let problem = Problem(error)
            #expect(problem.status.code == status, "\(error)")
            #expect(problem.code.rawValue == code, "\(error)")
            #expect(!problem.detail.isEmpty)
            let response = problem.response(requestID: "r")
            guard case .bytes(let bytes) = response.body else { throw Surprise() }
            #expect(!String(decoding: bytes, as: UTF8.self).contains("canary"), "\(error)")
            #expect(response.headers[.contentType] == "application/problem+json")
        }
    }

    @Test func `what may pass by itself says when to try again`() {
        #expect(
            Problem(ConnectionsError.providerCoolingDown(retryAfter: 7)).headers[.retryAfter] == "7"
        )
        for (error, status, _) in Self.storage where status == 503 {
            #expect(Problem(error).headers[.retryAfter] != nil)
        }
    }

    @Test func `what failed on the way to an API is named as RFC 9209 has it`() throws {
        let name = try #require(HTTPField.Name("Proxy-Status"))
        for (error, _, _) in Self.provider + Self.upstream {
            #expect(Problem(error).headers[name]?.hasPrefix("grantkeeper; error=") == true)
        }
    }

    @Test(arguments: [
        (CallRefusal.Reason.saturated, 503, "integration_saturated"),
        (.userSaturated, 503, "user_saturated"), (.connections, 503, "connections_busy"),
        (.breaker, 503, "upstream_unavailable"), (.rate, 429, "rate_limited"),
        (.concurrency, 429, "too_many_concurrent_calls"),
    ])
    func `a call that was not made says when to try again, and that nothing was sent`(
        reason: CallRefusal.Reason, status: Int, code: String
    ) throws {
        let problem = Problem(CallRefusal(reason, after: 6.2))
        #expect(problem.status.code == status)
        #expect(problem.code.rawValue == code)
        #expect(problem.headers[.retryAfter] == "7")
        let proxyStatus = try #require(HTTPField.Name("Proxy-Status"))
        let attempts = try #require(HTTPField.Name("Upstream-Attempts"))
        #expect(problem.headers[proxyStatus]?.hasPrefix("grantkeeper; error=") == true)
        #expect(problem.headers[attempts] == nil)
    }

    @Test func `a missing connection comes with the link to make it`() {
        let members = Problem(ConnectionsError.connectionRequired(slug: "drive")).members
        #expect(members.first?.0 == "connect")
        #expect(members.first?.1 == "/api/integrations/drive/connect")
    }
}
