import Encoding

extension Disguise {
    /// Checks the client authentication at the token endpoint, or at another that requires one.
    ///
    /// - Parameters:
    ///   - method: The method, with a name as in `clientAuthentication`.
    ///   - given: The parameters; those of the authentication are taken out.
    /// - Throws: ``Refusal/broken(rule:_:)`` for another method, ``Refusal/code(_:)`` for a wrong
    ///   secret.
    mutating func checkClient(
        _ method: String, _ request: DisguisedRequest, _ given: inout GivenParameters, rule: String
    ) throws(Refusal) {
        switch method {
        case "basic", "basic_unencoded":
            guard let field = request.header("Authorization") else {
                throw .broken(rule: rule, "there is no Authorization field")
            }
            try checkBasic(field, isEncoded: method == "basic", rule: rule)
        case "post":
            try refuseAuthorization(request, rule: rule)
            try given.need("client_id", is: clientID, rule: rule)
            let secret = try given.need("client_secret", rule: rule)
            guard secret == clientSecret else { throw .code("invalid_client") }
        case "none":
            try refuseAuthorization(request, rule: rule)
            try given.need("client_id", is: clientID, rule: rule)
        case "private_key_jwt":
            try refuseAuthorization(request, rule: rule)
            try checkClientAssertion(request, &given, rule: rule)
        default:
            throw .broken(
                rule: rule, "the mock provider knows no client authentication '\(method)'")
        }
    }

    func refuseAuthorization(_ request: DisguisedRequest, rule: String) throws(Refusal) {
        if request.header("Authorization") != nil {
            throw .broken(rule: rule, "there is an Authorization field")
        }
    }

    /// Checks Basic credentials. RFC 6749 §2.3.1 form-encodes id and secret; `basic_unencoded`
    /// does not.
    private func checkBasic(_ field: String, isEncoded: Bool, rule: String) throws(Refusal) {
        guard field.hasPrefix("Basic "), let pair = Text.decodeBase64(String(field.dropFirst(6))),
            let colon = pair.firstIndex(of: ":")
        else { throw .broken(rule: rule, "the Authorization field is not Basic") }
        let (id, secret) = (pair[..<colon], pair[pair.index(after: colon)...])
        let given = isEncoded ? [id, secret].map(Self.formDecoded) : [String(id), String(secret)]
        let other = isEncoded ? [String(id), String(secret)] : [id, secret].map(Self.formDecoded)
        if given == [clientID, clientSecret] { return }
        if other == [clientID, clientSecret] {
            throw .broken(
                rule: rule, isEncoded ? "id and secret are not form-encoded" : "they are encoded")
        }
        guard given[0] == clientID else { throw .broken(rule: "clientId", "another client's id") }
        throw .code("invalid_client")
    }

    private static func formDecoded(_ text: Substring) -> String? {
        text.contains { $0 == "&" || $0 == "=" } ? nil : Form(encoded: text)?.fields.first?.name
    }
}
