import Encoding
import HTTPClient
import HTTPTypes
import Headers
import Templates

/// The request that revokes one token, in a provider's shape.
struct RevocationRequest {
    let url: String
    let shape: RevocationShape
    let client: Client
    /// Values for the placeholders: `clientId`, `clientSecret`, `token`, and the connection's data.
    let values: [String: String]
    let token: String?
    let hint: TokenTypeHint?
    let limits: TransferLimits

    func outgoing() throws(OAuthError) -> OutgoingRequest {
        var endpoint = try EndpointURL(Template(url).filled(with: values, PercentEncoding.encode))
        var headers = try headers()
        let fields = try fields()
        endpoint = try endpoint.leavingOut(Set(fields.map(\.0)))
        var body = OutgoingBody.none
        if case .query = shape.place {
            for (name, value) in fields {
                let pair = "\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))"
                endpoint = try EndpointURL(endpoint.appending(query: pair))
            }
        } else if !fields.isEmpty {
            headers[.contentType] = format.mediaType
            body = .bytes(format.encode(fields))
        }
        return OutgoingRequest(
            method: method, to: endpoint.url, headers: headers, body: body,
            connection: .fresh,
            limits: limits)
    }

    private var method: HTTPRequest.Method {
        switch shape.method {
        case .post: .post
        case .delete: .delete
        case .get: .get
        }
    }

    private var format: TokenRequestFormat {
        if case .json = shape.place { .json } else { .form }
    }

    /// The client as it proves itself here; `nil` when it does not.
    private var prover: Client? {
        switch shape.authentication {
        case .client: client
        case .basic: Client(id: client.id, secret: client.secret, authentication: .basic)
        case .post: Client(id: client.id, secret: client.secret, authentication: .post)
        case .none: nil
        }
    }

    private func headers() throws(OAuthError) -> HeaderFields {
        var headers: HeaderFields = [.accept: "application/json"]
        headers[.authorization] = prover?.authorization
        for (name, value) in shape.headers {
            try set(name, Template(value).filled(with: values), in: &headers)
        }
        if case .header(let name, let prefix) = shape.place, let token {
            try set(name, prefix + token, in: &headers)
        }
        return headers
    }

    private func set(
        _ name: String, _ value: String, in headers: inout HeaderFields
    ) throws(OAuthError) {
        guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else {
            throw .badEndpoint("a header field of the revocation is not well-formed")
        }
        headers[name] = value
    }

    /// Returns the parameters, each name once: the request's own take precedence over the shape's.
    private func fields() throws(OAuthError) -> [(String, String)] {
        var fields: [(String, String)] = []
        switch shape.place {
        case .form(let name), .json(let name), .query(let name):
            if let token { fields.append((name, token)) }
        case .header, .url: break
        }
        if shape.sendsHint, let hint { fields.append(("token_type_hint", hint.rawValue)) }
        let proof = try prover?.bodyFields() ?? []
        let taken = Set((fields + proof).map(\.0))
        for (name, value) in shape.parameters where !taken.contains(name) {
            fields.append((name, try Template(value).filled(with: values)))
        }
        return fields + proof
    }
}
