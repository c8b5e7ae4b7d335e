import Encoding
import Integrations
import OAuth
import Primitives

/// Our identity at an integration's provider, and the way we prove it, without the secrets.
package struct ClientIdentity: Equatable {
    let id: String
    let authentication: ClientAuthentication
    let keyID: String?
    let algorithm: SigningAlgorithm?
    let issuer: String?
    let tokenEndpoint: String

    /// - Parameter tokenEndpoint: The URL, with its placeholders filled.
    init(_ definition: IntegrationDefinition, tokenEndpoint: String) {
        id = definition.clientId ?? ""
        authentication = definition.clientAuthentication
        keyID = definition.keyId
        algorithm = definition.signingAlgorithm
        issuer = definition.issuer
        self.tokenEndpoint = tokenEndpoint
    }

    /// - Throws: ``OAuthError/badKey(_:)``.
    func client(_ secrets: ClientSecrets, _ clock: Clock) throws -> Client {
        guard authentication == .privateKeyJWT else {
            return Client(id: id, secret: secrets.clientSecret, authentication: authentication)
        }
        let key = ClientKey(
            signingKey: try secrets.key().signingKey(algorithm), keyID: keyID, issuer: issuer,
            tokenEndpoint: tokenEndpoint, now: { clock.now.seconds })
        return Client(id: id, secret: nil, authentication: authentication, key: key)
    }
}

extension ClientIdentity {
    /// The form in which it is stored.
    var members: [(String, JSONValue)] {
        [
            ("clientId", .string(id)), ("clientAuthentication", .string(authentication.rawValue)),
            ("keyId", .string(orNull: keyID)), ("algorithm", .string(orNull: algorithm?.rawValue)),
            ("issuer", .string(orNull: issuer)), ("tokenEndpoint", .string(tokenEndpoint)),
        ]
    }

    /// Older versions stored only the first two.
    init(json: JSONValue) {
        id = json["clientId"]?.stringValue ?? ""
        authentication =
            json["clientAuthentication"]?.stringValue.flatMap(ClientAuthentication.init(rawValue:))
            ?? .post
        keyID = json["keyId"]?.stringValue
        algorithm = json["algorithm"]?.stringValue.flatMap(SigningAlgorithm.init(rawValue:))
        issuer = json["issuer"]?.stringValue
        tokenEndpoint = json["tokenEndpoint"]?.stringValue ?? ""
    }
}
