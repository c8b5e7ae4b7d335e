import Encoding

/// A request that was answered, for the test to look at: as it was sent, whatever the entry says.
struct DisguisedCall {
    let door: DisguisedDoor
    let method: String
    /// Host and path.
    let url: String
    /// `form` or `json`; `-` without a body.
    let format: String
    /// The authentication of the client, or of a call: `post`, `private_key_jwt`, `assertion`, or
    /// the scheme of the Authorization field or the name of another field that held the token, in
    /// lower case; `none` when there was nothing.
    let authentication: String
    let accept: String?
    /// The header fields that not every request has, without the credentials.
    let headers: [Form.Field]
    /// The parameters of the query and of the body; secrets are fingerprints.
    let parameters: [Form.Field]
    let status: Int
    /// The rule that it broke, with the error.
    let brokenRule: String?

    /// - Parameter credentials: The credentials that a header field may contain.
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

    /// The beginnings of the other fields' names.
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
