import Encoding

/// A request that was answered, for tests to read: as it was sent, and not as the entry says.
struct DisguisedCall {
    let door: DisguisedDoor
    let method: String
    /// The host and the path.
    let url: String
    /// The format of the body: `form` or `json`; `-` without a body.
    let format: String
    /// The authentication of the client or call: `post`, `private_key_jwt`, `assertion`, or in
    /// lower case the scheme of the Authorization field or the name of another field with the
    /// token; `none` without any.
    let authentication: String
    let accept: String?
    /// The header fields that not every request has, without those that hold a credential.
    let headers: [Form.Field]
    /// The parameters of the query and of the body; secrets are fingerprints.
    let parameters: [Form.Field]
    let status: Int
    /// The rule of the entry that the request broke, with a description.
    let brokenRule: String?

    /// - Parameter credentials: The credentials that may stand in a header field.
    init(
        _ request: DisguisedRequest, at door: DisguisedDoor, credentials: [String], status: Int,
        brokenRule: String?
    ) {
        let sent = request.bodyFields
        self.door = door
        method = request.method
        url = request.host + request.path
        format = request.body.isEmpty ? "-" : request.format ?? request.mediaType
        authentication =
            Self.scheme(of: request, credentials) ?? Self.proof(among: sent) ?? "none"
        accept = request.header("Accept")
        headers = request.headers.compactMap { field in
            let name = field.name.canonicalName
            let isUsual = Self.usual.contains { name.hasPrefix($0) }
            if isUsual || credentials.contains(where: field.value.contains) { return nil }
            return Form.Field(name, field.value)
        }
        parameters = request.query.fields + sent
        self.status = status
        self.brokenRule = brokenRule
    }

    /// The beginnings of the names of header fields that every request has.
    private static let usual = ["accept", "authorization", "connection", "content-", "host"]

    private static func scheme(of request: DisguisedRequest, _ credentials: [String]) -> String? {
        if let field = request.header("Authorization") {
            return field.prefix { $0 != " " }.lowercased()
        }
        return request.headers.first { field in credentials.contains { field.value.hasSuffix($0) }
        }?
        .name.canonicalName
    }

    private static func proof(among fields: [Form.Field]) -> String? {
        let proofs = [
            ("client_secret", "post"), ("client_assertion", "private_key_jwt"),
            ("assertion", "assertion"),
        ]
        return proofs.first { proof in fields.contains { $0.name == proof.0 } }?.1
    }

    var json: JSONValue {
        [
            "for": .string(door.rawValue), "method": .string(method), "url": .string(url),
            "format": .string(format), "authentication": .string(authentication),
            "accept": .string(orNull: accept),
            "headers": .object(headers.map { ($0.name, .string($0.value)) }),
            "parameters": .array(parameters.map(SeenRequest.describe)),
            "status": .integer(status), "brokenRule": .string(orNull: brokenRule),
        ]
    }
}
