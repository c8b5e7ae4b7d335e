import HTTPTypes
import Headers

/// An assertion by which a client proves itself (`private_key_jwt`, RFC 7523 §2.2).
struct ReceivedAssertion {
    private let token: ReceivedToken
    private let clientID: String

    /// - Returns: `nil` when the request has no assertion.
    /// - Throws: ``ProtocolError``: `invalid_client`, or `invalid_request` for two methods at once.
    init?(_ headers: HeaderFields, _ parameters: Parameters) throws(ProtocolError) {
        guard let text = parameters["client_assertion"] else { return nil }
        // RFC 6749 §2.3: never two methods in one request.
        guard headers[.authorization] == nil, parameters["client_secret"] == nil else {
            throw .invalidRequest("the client authenticates in two ways")
        }
        guard
            parameters["client_assertion_type"]
                == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        else { throw .invalidClient("client_assertion_type is missing or not known") }
        guard let token = ReceivedToken(text), let subject = token.claims["sub"]?.stringValue else {
            throw .invalidClient("client_assertion is no JSON Web Token with a sub")
        }
        if let id = parameters["client_id"], id != subject {
            throw .invalidRequest("client_id and the assertion name two clients")
        }
        self.token = token
        clientID = subject
    }

    /// - Throws: ``ProtocolError``: `invalid_client`.
    func authentication(at provider: SimulatedProvider) throws(ProtocolError) -> ReceivedClientProof
    {
        guard let client = provider.settings.clients.first(where: { $0.id == clientID }) else {
            throw .invalidClient("the client is not registered")
        }
        let check = AssertionCheck(at: provider, by: clientID, longest: 300) { .invalidClient($0) }
        _ = try check.claims(of: token, at: provider)
        let authentication = ReceivedClientProof(client: client, method: "private_key_jwt")
        try authentication.checkMethod(provider.settings.clientAuthentication)
        provider.count("client.private_key_jwt")
        return authentication
    }
}
