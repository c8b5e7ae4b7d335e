import Encoding

/// The way into a provider: where the browser is sent (RFC 6749 §4.1.1, RFC 7636 §4.3).
package struct AuthorizationRequest {
    package var authorizationEndpoint: String
    package var clientID: String
    package var redirectURI: String
    /// As the provider wants it, separators included; `nil` leaves it out.
    package var scope: String?
    /// The parameter that carries it.
    package var scopeParameter: String
    package var state: String
    /// ``CodeVerifier/challenge``; always by the method S256 (SECURITY 6). `nil` only where the
    /// provider refuses it.
    package var codeChallenge: String?
    /// Sent when the scope has `openid`: OpenID Connect Core §3.1.2.1 lets a code flow do without,
    /// but providers demand it all the same. No ID token is read, so nothing is compared with it.
    package var nonce: String?
    /// The resources at which the tokens are to be used (RFC 8707 §2.1).
    package var resources: [String]
    /// Further parameters that this provider wants, such as `access_type`; a parameter that the
    /// protocol has here is ignored.
    package var extraParameters: [(String, String)]

    package init(
        authorizationEndpoint: String, clientID: String, redirectURI: String, scope: String? = nil,
        scopeParameter: String = "scope", state: String, codeChallenge: String?,
        nonce: String? = nil, resources: [String] = [], extraParameters: [(String, String)] = []
    ) {
        self.authorizationEndpoint = authorizationEndpoint
        self.clientID = clientID
        self.redirectURI = redirectURI
        self.scope = scope
        self.scopeParameter = scopeParameter
        self.state = state
        self.codeChallenge = codeChallenge
        self.nonce = nonce
        self.resources = resources
        self.extraParameters = extraParameters
    }

    /// The URL to send the browser to. The endpoint's query is kept, except for parameters that are
    /// set here: each parameter occurs once, and the integration's value takes precedence.
    ///
    /// - Throws: ``OAuthError/badEndpoint(_:)`` when the endpoint is not a URL that can be used.
    package var url: String {
        get throws {
            let endpoint = try EndpointURL(authorizationEndpoint)
            let names = ownNames.union(form.fields.map(\.name))
            var form = form
            if let nonce, isAboutIdentity, !isNamed("nonce", by: endpoint) {
                form.append("nonce", nonce)
            }
            return try endpoint.leavingOut(names).appending(query: form.encoded)
        }
    }

    private func isNamed(_ name: String, by endpoint: EndpointURL) -> Bool {
        Form(encoded: endpoint.url.query ?? "")?[name] != nil
    }

    private var form: Form {
        var form = Form()
        form.append("response_type", "code")
        form.append("client_id", clientID)
        form.append("redirect_uri", redirectURI)
        if let scope { form.append(scopeParameter, scope) }
        form.append("state", state)
        if let codeChallenge {
            form.append("code_challenge", codeChallenge)
            form.append("code_challenge_method", "S256")
        }
        for resource in resources { form.append("resource", resource) }
        for (name, value) in extraParameters where !ownNames.contains(name) {
            form.append(name, value)
        }
        return form
    }

    /// Whether it asks for OpenID Connect, and the integration names no nonce of its own.
    private var isAboutIdentity: Bool {
        let scopes = scope?.split { $0 == " " || $0 == "," } ?? []
        return scopes.contains("openid") && !extraParameters.contains { $0.0 == "nonce" }
    }

    /// `scope` is free where the scope goes by another name: Slack has both, for two kinds of
    /// tokens.
    private var ownNames: Set<String> {
        [
            "response_type", "client_id", "redirect_uri", scopeParameter, "state", "code_challenge",
            "code_challenge_method",
        ]
    }
}
