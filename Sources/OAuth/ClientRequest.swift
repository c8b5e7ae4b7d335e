import Encoding
import HTTPClient
import HTTPTypes
import Headers

/// A request that a client makes in its own name to one of a provider's endpoints.
struct ClientRequest {
    let url: String
    /// `nil` where the parameters name the client.
    let client: Client?
    var parameters: [(String, String)]
    var headers: [(String, String)] = []
    var format = TokenRequestFormat.form
    var limits = TransferLimits.providerAnswer

    /// Sends it once, on a connection of its own: a request that rotates a token or uses up a
    /// code must not reach the provider twice.
    func send(over transport: any HTTPTransport) throws(OAuthError) -> ProviderAnswer {
        try ProviderAnswer(to: outgoing(), over: transport)
    }

    private func outgoing() throws(OAuthError) -> OutgoingRequest {
        let proof = try client?.bodyFields() ?? []
        let body = parameters + proof
        // RFC 6749 §3.2: none more than once, and servers read query and body as one.
        let endpoint = try EndpointURL(url).leavingOut(Set(body.map(\.0)))
        var fields: HeaderFields = [.accept: "application/json", .contentType: format.mediaType]
        for (name, value) in headers {
            guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else {
                throw .badEndpoint("a header field of the token request is not well-formed")
            }
            fields[name] = value
        }
        if let proof = client?.authorization { fields[.authorization] = proof }
        return OutgoingRequest(
            method: .post, to: endpoint.url, headers: fields,
            body: .bytes(format.encode(body)),
            connection: .fresh, limits: limits)
    }
}

/// The format of a token request's parameters.
package enum TokenRequestFormat: String, Sendable, CaseIterable {
    /// As RFC 6749 §4.1.3 has it.
    case form
    /// A JSON object of texts, which a few providers want instead; a repeated parameter is a list.
    case json

    var mediaType: String {
        switch self {
        case .form: "application/x-www-form-urlencoded"
        case .json: "application/json"
        }
    }

    func encode(_ parameters: [(String, String)]) -> [UInt8] {
        switch self {
        case .form:
            var form = Form()
            for (name, value) in parameters { form.append(name, value) }
            return Array(form.encoded.utf8)
        case .json:
            return Self.object(parameters).encoded()
        }
    }

    private static func object(_ parameters: [(String, String)]) -> JSONValue {
        var members: [(String, JSONValue)] = []
        for (name, value) in parameters {
            guard let index = members.firstIndex(where: { $0.0 == name }) else {
                members.append((name, .string(value)))
                continue
            }
            let former = members[index].1.elements ?? [members[index].1]
            members[index].1 = .array(former + [.string(value)])
        }
        return .object(members)
    }
}

extension TransferLimits {
    /// The limits for short answers that a user waits for: 5 s to connect, 15 s to the head, 20 s
    /// in all.
    package static var providerAnswer: TransferLimits {
        TransferLimits(
            connect: .seconds(5), head: .seconds(15), idle: .seconds(15), total: .seconds(20),
            headerBytes: 65_536)
    }
}
