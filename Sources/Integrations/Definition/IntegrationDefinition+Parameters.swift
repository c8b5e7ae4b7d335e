import Encoding
import OAuth

/// Checks of the parameters that an integration adds to the protocol's requests, also in its URLs'
/// queries: none is there twice, and none has the name of one that Grantkeeper sends.
extension IntegrationDefinition {
    /// The names of the protocol's own parameters (RFC 6749, RFC 7636, RFC 7523).
    private static let protocolParameters: Set<String> = [
        "assertion", "client_assertion", "client_assertion_type", "client_id", "client_secret",
        "code", "code_challenge", "code_challenge_method", "code_verifier", "error", "grant_type",
        "redirect_uri", "refresh_token", "response_type", "state",
    ]

    /// Refuses parameters that the request has already, by field and name.
    func validateParameters(_ reader: inout DefinitionReader) {
        for text in Self.texts {
            switch text.role {
            case .parameters(let endpoint):
                let names = text.values(self).map(\.name)
                refuse(names, of: text.path, taken(at: endpoint), &reader)
            case .url(let endpoint):
                for (_, url) in text.values(self) {
                    refuse(queryOf: url, text.path, taken(at: endpoint), &reader)
                }
            case .headers, .constant, .subject, .body: break
            }
        }
        validateResponseMode(&reader)
        validateNames(&reader)
    }

    /// Returns the names of the parameters that Grantkeeper sends to an endpoint.
    private func taken(at endpoint: ProviderEndpoint) -> Set<String> {
        let resource: Set<String> = resources.isEmpty ? [] : ["resource"]
        let ours = Self.protocolParameters.union(resource)
        return switch endpoint {
        case .authorization: ours.union([scopeParameter])
        case .token, .refresh: ours.union(["scope", refresh.words.parameter])
        case .revocation: revocationParameters
        case .lookup, .api: []
        }
    }

    private func refuse(
        _ names: [String], of field: String, _ taken: Set<String>,
        _ reader: inout DefinitionReader
    ) {
        for name in names where taken.contains(name) {
            reader.require(
                false,
                "in '\(field)': '\(name)' is set by Grantkeeper and cannot be an extra parameter")
        }
    }

    private func refuse(
        queryOf url: String, _ field: String, _ taken: Set<String>,
        _ reader: inout DefinitionReader
    ) {
        guard let mark = url.firstIndex(of: "?") else { return }
        guard let query = Form(encoded: url[url.index(after: mark)...]) else {
            return reader.require(false, "the query of '\(field)' is malformed")
        }
        let names = query.fields.map(\.name)
        for name in Set(names).sorted() where taken.contains(name) {
            reader.require(
                false,
                "in the query of '\(field)': '\(name)' is set by Grantkeeper: take it out of the URL"
            )
        }
        // RFC 6749 §3.1; RFC 8707 §2 lets 'resource' be repeated.
        for name in Set(names).subtracting(taken).subtracting(["resource"]).sorted()
        where names.count(where: { $0 == name }) > 1 {
            reader.require(false, "in the query of '\(field)': '\(name)' is there twice")
        }
    }

    /// The names of the parameters that a revocation sends by its shape.
    private var revocationParameters: Set<String> {
        let shape = revocation ?? RevocationShape()
        var names: Set<String> = shape.sendsHint ? ["token_type_hint"] : []
        switch shape.place {
        case .form(let name), .json(let name), .query(let name): names.insert(name)
        case .header, .url: break
        }
        let proof: ClientAuthentication? =
            switch shape.authentication {
            case .client: clientAuthentication
            case .basic: .basic
            case .post: .post
            case .none: nil
            }
        switch proof {
        case .basic, .basicUnencoded, nil: return names
        case .post: return names.union(["client_id", "client_secret"])
        case .none?: return names.union(["client_id"])
        case .privateKeyJWT:
            return names.union(["client_id", "client_assertion", "client_assertion_type"])
        }
    }

    /// Refuses response modes other than `query`: the callback reads only its query.
    private func validateResponseMode(_ reader: inout DefinitionReader) {
        let query = authUri.flatMap { url in
            url.firstIndex(of: "?").flatMap { Form(encoded: url[url.index(after: $0)...]) }
        }
        for (field, value) in [
            (
                "authorizationParameters",
                authorizationParameters.first { $0.name == "response_mode" }?.value
            ),
            ("authUri", query?["response_mode"]),
        ] {
            reader.require(
                value == nil || value == "query",
                "in '\(field)': 'response_mode' can only be 'query', in which the callback is read")
        }
    }

    /// Refuses names for the protocol's parameters that have another meaning.
    private func validateNames(_ reader: inout DefinitionReader) {
        for (field, name, usual) in [
            ("'scopeParameter'", scopeParameter, "scope"),
            ("'parameter' of 'refresh'", refresh.words.parameter, "refresh_token"),
            ("'parameter' of 'callbackSignature'", callbackSignature?.parameter ?? "hmac", ""),
        ] {
            let taken = Self.protocolParameters.union(["resource", "scope", ""])
            reader.require(
                name == usual || !taken.contains(name),
                "\(field) cannot be '\(name)', which means something else")
        }
    }
}
