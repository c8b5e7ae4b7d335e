import Encoding
import HTTPClient
import OAuth

/// Where, how and as whom a grant is revoked: as it was when the connection went.
struct RevocationTarget {
    let integration: String
    let url: String
    let clientID: String
    let clientAuthentication: ClientAuthentication
    let shape: RevocationShape
    /// What was kept about the connection, for placeholders.
    let values: [String: String]

    /// - Returns: `nil` when the integration has no way to revoke.
    init?(_ integration: Integration, data: String?) {
        let definition = integration.definition
        guard let url = definition.revocationUri else { return nil }
        self.integration = definition.slug
        self.url = url
        clientID = definition.clientId ?? ""
        clientAuthentication = definition.clientAuthentication
        shape = definition.revocation ?? RevocationShape()
        values = Self.values(data)
    }

    func endpoint(clientSecret: String?, _ transport: any HTTPTransport) -> RevocationEndpoint {
        RevocationEndpoint(
            url: url,
            client: Client(
                id: clientID, secret: clientSecret, authentication: clientAuthentication),
            shape: shape, values: values, transport: transport)
    }

    private static func values(_ data: String?) -> [String: String] {
        let members = data.flatMap { try? JSONValue(parsing: $0) }?.members ?? []
        let pairs = members.compactMap { member in
            member.value.stringValue.map { ("data.\(member.name)", $0) }
        }
        return Dictionary(pairs) { first, _ in first }
    }
}

extension RevocationTarget {
    /// The form in which it is stored.
    var json: JSONValue {
        [
            "integration": .string(integration), "url": .string(url), "clientId": .string(clientID),
            "clientAuthentication": .string(clientAuthentication.rawValue), "shape": shape.json,
            "values": .object(
                values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }),
        ]
    }

    /// Older versions stored neither shape nor values.
    init(json: JSONValue) {
        integration = json["integration"]?.stringValue ?? ""
        url = json["url"]?.stringValue ?? ""
        clientID = json["clientId"]?.stringValue ?? ""
        clientAuthentication =
            json["clientAuthentication"]?.stringValue.flatMap(ClientAuthentication.init(rawValue:))
            ?? .post
        var reader = DefinitionReader(json["shape"]?.members ?? [])
        shape = json["shape"] == nil ? RevocationShape() : RevocationShape.read(&reader)
        let members = json["values"]?.members ?? []
        values = Dictionary(
            members.compactMap { member in member.value.stringValue.map { (member.name, $0) } }
        ) { first, _ in first }
    }
}
