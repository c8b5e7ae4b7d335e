import Encoding
import HTTPTypes
import Headers
import Web

/// The client that sent a token request, and its method of authentication (RFC 6749 §2.3).
struct ReceivedClientProof {
    let client: RegisteredClient
    /// The method for the log: `basic`, `post`, `private_key_jwt` or `none`.
    let method: String
}

extension ReceivedClientProof {
    /// - Throws: ``ProtocolError``: `invalid_client`, or `invalid_request` for two methods at once.
    init(_ headers: HeaderFields, _ parameters: Parameters, settings: MockSettings)
        throws(ProtocolError)
    {
        if let authorization = headers[.authorization] {
            let credentials = try Self.basic(authorization)
            if parameters["client_secret"] != nil {
                throw .invalidRequest("the client authenticates in two ways")
            }
            if let id = parameters["client_id"], id != credentials.id {
                throw .invalidRequest("client_id and the Basic credentials name two clients")
            }
            method = "basic"
            client = try Self.find(credentials.id, secret: credentials.secret, settings)
        } else {
            guard let id = parameters["client_id"] else {
                throw .invalidClient("the client does not say who it is")
            }
            let secret = parameters["client_secret"]
            method = secret == nil ? "none" : "post"
            client = try Self.find(id, secret: secret, settings)
        }
        try checkMethod(settings.clientAuthentication)
        if client.secret == nil, settings.clientKeys[client.id] != nil {
            throw .invalidClient("the client must authenticate with its key")
        }
    }

    /// Reads id and secret, which are form-encoded before they are joined (RFC 6749 §2.3.1).
    private static func basic(
        _ field: String
    ) throws(ProtocolError) -> (id: String, secret: String) {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let pair = Text.decodeBase64(String(parts[1])),
            let colon = pair.firstIndex(of: ":"),
            let id = formDecode(pair[..<colon]),
            let secret = formDecode(pair[pair.index(after: colon)...])
        else { throw .invalidClient("the Authorization field is not well-formed Basic") }
        return (id, secret)
    }

    private static func formDecode(_ text: Substring) -> String? {
        if text.isEmpty { return "" }
        guard !text.contains(where: { $0 == "&" || $0 == "=" }) else { return nil }
        return Form(encoded: text)?.fields.first?.name
    }

    private static func find(
        _ id: String, secret: String?, _ settings: MockSettings
    ) throws(ProtocolError) -> RegisteredClient {
        guard let client = settings.clients.first(where: { $0.id == id }) else {
            throw .invalidClient("the client is not registered")
        }
        switch (client.secret, secret) {
        case (nil, nil): return client
        case (let right?, let given?) where Text.areEqual(right, given): return client
        default: throw .invalidClient("the client's secret is missing or wrong")
        }
    }

    func checkMethod(_ wanted: ClientAuthenticationMethod) throws(ProtocolError) {
        guard wanted == .any || method == "none" || method == wanted.rawValue else {
            throw .invalidClient("the client must authenticate with \(wanted.rawValue)")
        }
    }
}
