/// The answer to a request with `prompt=none`: no page may be shown (OpenID Connect Core §3.1.2.6).
///
/// This provider signs no one in by a cookie; `login_hint` stands for that. A user whom it names,
/// and who has allowed the client that scope before, is let through.
enum SilentAnswer {
    static func decision(
        on authorization: ReceivedAuthorizationRequest, _ state: ProviderState
    ) throws(ProtocolError) -> Decision {
        guard let user = authorization.loginHint, state.settings.users.contains(user) else {
            throw ProtocolError("login_required", "no one is signed in; login_hint can say who is")
        }
        let hasConsent = state.grants.values.contains { grant in
            grant.user == user && grant.clientID == authorization.clientID
                && Set(grant.scope).isSuperset(of: authorization.scope)
        }
        guard hasConsent else {
            throw ProtocolError(
                "consent_required", "\(user) has not allowed this client that scope")
        }
        return Decision(isApproved: true, user: user)
    }
}
