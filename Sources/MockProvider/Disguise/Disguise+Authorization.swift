import Encoding
import Web

extension Disguise {
    /// Answers at the authorization endpoint: approves at once a request that follows the entry.
    mutating func authorize(
        _ request: DisguisedRequest, _ surroundings: Surroundings
    ) throws(Refusal) -> Response {
        guard request.method == "GET" else { throw .broken(rule: "authUri", "only GET") }
        var given = GivenParameters(request.query.fields)
        try given.need(entry.address("authUri")?.query.fields ?? [], rule: "authUri")
        try given.need("response_type", is: "code", rule: "grant")
        try given.need("client_id", is: clientID, rule: "clientId")
        try given.need("redirect_uri", is: redirectURI, rule: "redirect")
        let state = try given.need("state", rule: "state")
        let extra = entry.fields(entry.json["authorizationParameters"])
        try given.need(extra, rule: "authorizationParameters")
        if let scope = entry.scope {
            let parameter = entry.text("scopeParameter") ?? "scope"
            try given.need(parameter, is: scope, rule: "scope, scopeSeparator, scopeParameter")
        }
        // OpenID Connect Core §3.1.2.1: only such requests have one.
        if entry.asksForIdentity { _ = given.take("nonce") }
        let challenge = try challenge(&given)
        try checkResources(&given)
        try given.finish(rule: "authorizationParameters")
        let code = "disguised-code-" + surroundings.randomToken()
        self.code = DisguisedCode(text: code, challenge: challenge)
        return .redirect(to: callback(code: code, state: state))
    }

    /// Reads the code challenge, which must be S256 (RFC 7636 §4.3).
    private func challenge(_ given: inout GivenParameters) throws(Refusal) -> String? {
        guard entry.sendsChallenge else { return nil }
        try given.need("code_challenge_method", is: "S256", rule: "pkce")
        let challenge = try given.need("code_challenge", rule: "pkce")
        guard challenge.utf8.count == 43, challenge.utf8.allSatisfy(\.isBase64URL) else {
            throw .broken(rule: "pkce", "the challenge is no SHA-256 in base64url")
        }
        return challenge
    }

    /// Refuses other resources than the entry's (RFC 8707 §2).
    func checkResources(_ given: inout GivenParameters) throws(Refusal) {
        let resources = given.take("resource")
        guard resources == entry.resources else {
            throw .broken(rule: "resource", "\(resources) instead of \(entry.resources)")
        }
    }

    /// Returns the URL to which the browser is sent back.
    private func callback(code: String, state: String) -> String {
        var form = Form([Form.Field("code", code), Form.Field("state", state)])
        if let issuer = entry.text("issuer") { form.append("iss", entry.filled(issuer)) }
        let granted = entry.scopes(in: answers.grantedScope ?? entry.text("scope"))
        if answers.scopeForm == .callback, let granted {
            form.append("scope", granted.joined(separator: entry.scopeSeparator))
        }
        for datum in entry.data where datum.source == "callback" {
            form.append(datum.path, datum.value)
        }
        if let parameter = entry.text("callbackSignature", "parameter") {
            form.append("timestamp", "1700000000")
            form.append(parameter, signature(over: form))
        }
        return redirectURI + "?" + form.encoded
    }

    /// Returns the HMAC-SHA256 of the parameters, sorted by their names, with the client secret.
    private func signature(over form: Form) -> String {
        let message = form.fields.sorted { $0.name < $1.name }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return Text.hmac(message, key: clientSecret)
    }
}
