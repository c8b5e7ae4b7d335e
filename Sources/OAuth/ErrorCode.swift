/// The error codes that are passed on; whatever else a provider says is `other`, so that no text
/// of a stranger travels where a code is expected.
package enum ErrorCode {
    package static let other = "other"
    /// No standard has a code for it, but many providers have this one.
    package static let redirectURIMismatch = "redirect_uri_mismatch"

    /// Returns the code itself when a standard has it, the standard's code for a provider's
    /// documented synonym, else ``other``.
    package static func known(_ text: String) -> String {
        if standard.contains(text) { return text }
        return synonyms[text] ?? other
    }

    /// Codes that tell of a provider's trouble, whatever the status that comes with them.
    static func isOutage(_ code: String) -> Bool {
        outages.contains(code)
    }

    /// Codes that mean that the user has to come.
    static func callsForUser(_ code: String) -> Bool {
        userIsNeeded.contains(code)
    }

    private static let userIsNeeded: Set<String> = [
        "interaction_required", "login_required", "account_selection_required",
        "consent_required", "insufficient_user_authentication",
    ]

    private static let outages: Set<String> = [
        "server_error", "temporarily_unavailable", "slow_down",
    ]

    private static let standard: Set<String> = [
        // RFC 6749 §4.1.2.1 and §5.2
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
        "unsupported_grant_type", "invalid_scope", "access_denied", "unsupported_response_type",
        "server_error", "temporarily_unavailable",
        // RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 8628 §3.5, RFC 8707 §2
        "invalid_token", "unsupported_token_type", "slow_down", "invalid_target",
        // RFC 9449 §5 and §8, RFC 9470 §3
        "invalid_dpop_proof", "use_dpop_nonce", "insufficient_user_authentication",
        // OpenID Connect Core 1.0 §3.1.2.6
        "interaction_required", "login_required", "account_selection_required",
        "consent_required",
        redirectURIMismatch,
    ]

    /// The standard codes by their synonyms in the providers' own documentation.
    private static let synonyms: [String: String] = [
        // GitHub: "troubleshooting OAuth app access token request errors"; refreshing user tokens
        "bad_verification_code": "invalid_grant",
        "bad_refresh_token": "invalid_grant",
        "incorrect_client_credentials": "invalid_client",
        // Slack: oauth.v2.access
        "invalid_code": "invalid_grant",
        "invalid_refresh_token": "invalid_grant",
        "bad_client_secret": "invalid_client",
        "invalid_client_id": "invalid_client",
        "bad_redirect_uri": redirectURIMismatch,
        "ratelimited": "slow_down",
        "internal_error": "server_error",
        "invalid_team_for_non_distributed_app": "unauthorized_client",
        "invalid_scope_requested": "invalid_scope",
        "fatal_error": "server_error",
        "service_unavailable": "temporarily_unavailable",
        // GitHub: an app that was suspended, or whose callback does not fit
        "application_suspended": "unauthorized_client",
        // Google: "Using OAuth 2.0 for web server applications", authorization errors
        "admin_policy_enforced": "unauthorized_client",
        "org_internal": "unauthorized_client",
        "disallowed_useragent": "access_denied",
        // LinkedIn: the authorization code flow
        "user_cancelled_login": "access_denied",
        "user_cancelled_authorize": "access_denied",
        "unauthorized_scope_error": "invalid_scope",
        // Auth0: multi-factor authentication, at the token endpoint
        "mfa_required": "interaction_required",
        // OpenID Connect Core Unmet Authentication Requirements 1.0 §3
        "unmet_authentication_requirements": "interaction_required",
    ]
}
