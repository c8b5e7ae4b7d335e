import Encoding

extension IntegrationDefinition {
    /// Whether the authorization request asks for a refresh token, by a scope or parameter that
    /// providers have for that; many give one without being asked.
    package var asksForRefreshToken: Bool {
        guard consent == .user, refresh.token == .refreshToken,
            refresh.rotation != RefreshRules.Rotation.none
        else { return false }
        let scopes = (scope ?? "").split(separator: " ").map(String.init)
        return scopes.contains(where: Self.offlineScopes.contains)
            || Self.offlineParameters.contains { name, value in authorizationValue(name) == value }
    }

    /// Scopes that ask for a refresh token (OpenID Connect Core §11, Hydra, X, Salesforce).
    static let offlineScopes: Set<String> = [
        "offline_access", "offline", "offline.access", "refresh_token",
    ]

    /// Parameters that ask for a refresh token (Google, Dropbox, Reddit).
    private static let offlineParameters = [
        ("access_type", "offline"), ("token_access_type", "offline"), ("duration", "permanent"),
    ]

    /// Returns the value of a parameter in the authorization request.
    private func authorizationValue(_ name: String) -> String? {
        if let given = authorizationParameters.first(where: { $0.name == name }) {
            return given.value
        }
        return authUri.flatMap { url in
            url.firstIndex(of: "?").flatMap { Form(encoded: url[url.index(after: $0)...])?[name] }
        }
    }
}
