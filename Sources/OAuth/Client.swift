import Encoding

/// Our registration at a provider: the client of RFC 6749 §2.
package struct Client: Sendable {
    package let id: String
    /// `nil` for a public client.
    package let secret: String?
    package let authentication: ClientAuthentication
    /// For `private_key_jwt`.
    let key: ClientKey?

    package init(
        id: String, secret: String?, authentication: ClientAuthentication, key: ClientKey? = nil
    ) {
        self.id = id
        self.secret = secret
        self.authentication = authentication
        self.key = key
    }
}

/// A method by which a client authenticates at an endpoint. The names in metadata are in brackets.
package enum ClientAuthentication: String, Sendable, CaseIterable {
    /// The Authorization field, as RFC 6749 §2.3.1 has it (`client_secret_basic`).
    case basic
    /// The same without the form-encoding, as some providers read it.
    case basicUnencoded = "basic_unencoded"
    /// In the body (`client_secret_post`).
    case post
    /// No authentication: only the id is sent (`none`).
    case none
    /// An assertion that the client signs (RFC 7523 §2.2).
    case privateKeyJWT = "private_key_jwt"
}

extension Client {
    /// The value of the Authorization field, where the client proves itself by one.
    ///
    /// RFC 6749 §2.3.1: id and secret are form-encoded first, so that a colon in the id or a byte
    /// outside ASCII can't be misread.
    var authorization: String? {
        let pair: String
        switch authentication {
        case .basic: pair = PercentEncoding.encode(id) + ":" + PercentEncoding.encode(secret ?? "")
        case .basicUnencoded: pair = "\(id):\(secret ?? "")"
        case .post, .none, .privateKeyJWT: return nil
        }
        return "Basic \(Base64.encode(pair.utf8))"
    }

    /// Returns the fields that the client adds to the body of one request, with a new assertion
    /// each time. RFC 6749 §2.3: never two methods in one request.
    ///
    /// - Throws: ``OAuthError/badKey(_:)``.
    func bodyFields() throws(OAuthError) -> [(String, String)] {
        let identity = [("client_id", id)]
        switch authentication {
        case .basic, .basicUnencoded: return []
        case .post: return identity + (secret.map { [("client_secret", $0)] } ?? [])
        case .none: return identity
        case .privateKeyJWT:
            guard let key else { throw .badKey("private_key_jwt needs one, and none is given") }
            return identity + (try ClientAssertion(clientID: id, key: key).fields)
        }
    }

    /// The parameters that authenticate a client; configured parameters may not have these names.
    static let proofParameters: Set<String> = [
        "client_id", "client_secret", "client_assertion", "client_assertion_type",
    ]
}

extension Client: CustomStringConvertible, CustomReflectable {
    /// Never the secret: descriptions end in logs (SECURITY 26).
    package var description: String { "Client(\(id), \(authentication))" }

    package var customMirror: Mirror {
        Mirror(self, children: ["id": id, "authentication": authentication])
    }
}
