import Encoding

/// A valid authorization request, which may be shown to a user (RFC 6749 §4.1.1).
struct ReceivedAuthorizationRequest {
    let clientID: String
    /// The target of the answer.
    let target: AuthorizationTarget
    /// The redirect URI of the request; `nil` when it had none: then the token request has none.
    let redirectURI: String?
    let scope: [String]
    let codeChallenge: String?
    let loginHint: String?
    let prompts: Set<Prompt>
}

extension ReceivedAuthorizationRequest {
    /// Reads a request, strictly.
    ///
    /// - Throws: ``AuthorizationRefusal``.
    init(_ parameters: Parameters, settings: MockSettings) throws(AuthorizationRefusal) {
        target = try AuthorizationTarget(parameters, settings: settings)
        do {
            clientID = parameters["client_id"] ?? ""
            redirectURI = parameters["redirect_uri"]
            loginHint = parameters["login_hint"]
            try Self.checkForm(parameters)
            scope = try Self.scope(parameters, settings: settings)
            codeChallenge = try Self.codeChallenge(parameters, settings: settings)
            prompts = try Prompt.read(parameters["prompt"])
            try OpenIDParameters.check(parameters)
        } catch {
            throw .redirect(target, error)
        }
    }

    private static func checkForm(_ parameters: Parameters) throws(ProtocolError) {
        if let name = parameters.duplicates.sorted().first {
            throw .invalidRequest("\(name) is sent more than once")
        }
        guard let responseType = parameters["response_type"] else {
            throw .invalidRequest("response_type is missing")
        }
        guard responseType == "code" else {
            throw ProtocolError("unsupported_response_type", "only response_type=code is known")
        }
        if let mode = parameters["response_mode"], ResponseMode(rawValue: mode) == nil {
            let known = ResponseMode.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidRequest("response_mode must be one of \(known)")
        }
    }

    private static func scope(
        _ parameters: Parameters, settings: MockSettings
    ) throws(ProtocolError) -> [String] {
        guard let text = parameters["scope"] else { return [settings.scopes.first ?? "read"] }
        guard let scope = Scope.parse(text) else {
            throw ProtocolError(
                "invalid_scope", "scope is not a list of tokens with a space between")
        }
        if let unknown = scope.first(where: {
            !settings.scopes.isEmpty && !settings.scopes.contains($0)
        }) {
            throw ProtocolError("invalid_scope", "the scope \(unknown) does not exist")
        }
        return scope
    }

    /// Returns the code challenge, which must be S256; `nil` where it may be absent (RFC 7636 §4.3,
    /// RFC 9700 §2.1.1).
    private static func codeChallenge(
        _ parameters: Parameters, settings: MockSettings
    ) throws(ProtocolError) -> String? {
        guard let challenge = parameters["code_challenge"] else {
            if settings.requirePKCE || parameters["code_challenge_method"] != nil {
                throw .invalidRequest("code_challenge is missing")
            }
            return nil
        }
        // RFC 7636 §4.3: without a method it is `plain`.
        guard parameters["code_challenge_method"] == "S256" else {
            throw .invalidRequest("code_challenge_method must be S256")
        }
        guard challenge.utf8.count == 43, challenge.utf8.allSatisfy(\.isBase64URL) else {
            throw .invalidRequest("code_challenge is not a SHA-256 in base64url")
        }
        return challenge
    }
}
